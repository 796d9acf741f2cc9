"""What belongs to what: the bearings of each figure, body and programme."""
