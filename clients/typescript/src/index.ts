export * from "./contract.js";
export { Problem, type Settings } from "./sending.js";
