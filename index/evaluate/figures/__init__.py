"""How the reading of figures is measured: judged files and documents in, scores out."""
