/** What the clients of HTTP servers share. Internal: not part of the API. */
@NullMarked
package io.github.tralign.http;

import org.jspecify.annotations.NullMarked;
