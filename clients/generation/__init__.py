"""The contract read into operations and models, and written as Python and as TypeScript."""
