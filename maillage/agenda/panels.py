"""What the agenda brings to the site: its entries in the menus, the words of its changes in the journal."""
