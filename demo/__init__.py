"""The demo portal: invented announcements served the way real sites serve them."""
