"""The runs behind kb evaluate."""
