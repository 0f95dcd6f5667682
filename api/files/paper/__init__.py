"""What a dossier is printed on: our paper or a template of one's own, the code of an address."""
