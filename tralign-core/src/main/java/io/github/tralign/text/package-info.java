/** How numbers and commands are written in messages. Internal: not part of the API. */
@NullMarked
package io.github.tralign.text;

import org.jspecify.annotations.NullMarked;
