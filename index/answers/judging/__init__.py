"""The judge of evidence: what a question and the passages found look like, and how likely each sentence answers."""
