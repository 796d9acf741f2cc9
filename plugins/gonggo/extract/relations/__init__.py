"""Relations between the facts of a document: programmes, figures and organisations."""
