"""The console's ground: layout, design system, home and help."""
