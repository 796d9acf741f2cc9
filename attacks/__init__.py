"""Hostile inputs of our own, and the runner that sends each of them through the product as its users would."""
