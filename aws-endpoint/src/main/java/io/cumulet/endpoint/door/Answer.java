package io.cumulet.endpoint.door;

/** What goes back to the client. */
public record Answer(int status, String contentType, String body) {}
