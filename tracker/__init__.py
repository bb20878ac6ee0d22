"""Portföljkartan: the register of a city's housing, workplace and traffic projects and what they contribute to."""
