"""The tables of a base, and how a value of a row becomes something to work with."""
