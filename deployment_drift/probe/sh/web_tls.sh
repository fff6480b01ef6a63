# What is told of the certificates with which web servers answer.

quick web-certificates certificates_served
