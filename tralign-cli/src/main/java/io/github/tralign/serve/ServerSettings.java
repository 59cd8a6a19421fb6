package io.github.tralign.serve;

import java.util.Optional;

/**
 * How a server listens, and what it accepts.
 *
 * @param host the address to listen at
 * @param port 0 for any that is free
 * @param model the name that clients call the model by
 * @param key what clients must send as bearer; required unless the host is a loopback address
 * @param maxBodyBytes the largest body of a request
 * @param maxCompletions the number of completions that may run or wait; a request for more is
 *     answered with the status 429
 */
public record ServerSettings(
    String host,
    int port,
    String model,
    Optional<String> key,
    int maxBodyBytes,
    int maxCompletions) {}
