"""The rooms of Binôme; each has a README of ten lines."""
