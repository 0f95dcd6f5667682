"""The commands of kb, a module for each thing that people come for."""
