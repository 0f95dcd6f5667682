"""Evidence to findings: which sentences are quoted, which evidence is given, and what says the same."""
