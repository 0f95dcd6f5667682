"""Quotes altered and left alone, to see which the judge takes."""
