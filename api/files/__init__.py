"""What leaves a base: documents, passages, statistics and answers as files, each row with its citation."""
