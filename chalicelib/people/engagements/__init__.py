"""What ties people to pairs."""
