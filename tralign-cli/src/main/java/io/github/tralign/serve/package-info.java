/**
 * A server for one model that speaks OpenAI's protocol.
 *
 * <p>{@link io.github.tralign.serve.ModelServer} answers HTTP requests, each on a thread of its
 * own. {@link io.github.tralign.serve.RequestReader} checks a request's JSON and makes a {@link
 * io.github.tralign.serve.CompletionCall} of it; {@link io.github.tralign.serve.GenerationThread}
 * is the one thread that computes, for all calls at once; {@link
 * io.github.tralign.serve.ResponseWriter} writes what comes of it.
 */
@NullMarked
package io.github.tralign.serve;

import org.jspecify.annotations.NullMarked;
