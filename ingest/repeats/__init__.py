"""Documents that say what the base holds already: the same, a reprint, a translation."""
