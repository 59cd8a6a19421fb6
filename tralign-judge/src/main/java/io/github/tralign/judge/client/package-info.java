/**
 * Asks a model behind a server by OpenAI's protocol: {@link
 * io.github.tralign.judge.client.ChatClient} sends one request until it is answered, {@link
 * io.github.tralign.judge.client.Inquiry} many in parallel, with each reply on disk at once.
 */
@NullMarked
package io.github.tralign.judge.client;

import org.jspecify.annotations.NullMarked;
