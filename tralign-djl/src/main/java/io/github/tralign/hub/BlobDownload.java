package io.github.tralign.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Downloads one file, from where an earlier try ended. */
final class BlobDownload {

  private final HubHttp http;
  private final Retries retries;
  private final URI place;
  private final HubReference source;
  private final RemoteFile file;
  private final PartialBlob partial;
  private final LongConsumer progress;

  private @Nullable String etag; // of the server that has the content, for ranges
  private long furthest; // bytes: a server that sends the same ones again gets nowhere

  /**
   * A download.
   *
   * @param source the file's commit and path
   * @param progress takes the bytes that are there
   */
  BlobDownload(
      HubHttp http,
      Retries retries,
      URI place,
      HubReference source,
      RemoteFile file,
      PartialBlob partial,
      LongConsumer progress) {
    this.http = http;
    this.retries = retries;
    this.place = place;
    this.source = source;
    this.file = file;
    this.partial = partial;
    this.progress = progress;
    this.furthest = partial.size();
  }

  /** Completes the file, whose content is not checked. */
  void run() {
    retries.run(
        source.toString(),
        () -> furthest,
        () -> {
          if (!partial.isComplete()) {
            receive();
          }
          return partial.size();
        });
  }

  private void receive() throws IOException, InterruptedException {
    Map<String, String> headers = new HashMap<>();
    if (partial.size() > 0) {
      headers.put("Range", "bytes=" + partial.size() + "-");
      if (etag != null) {
        headers.put("If-Range", etag);
      }
    }
    HttpResponse<@Nullable Void> response =
        http.get(place, headers, () -> new Transfer(this::sink));
    if (response.statusCode() == 416) {
      partial.restart();
      throw new TransientException("the server does not have the rest of the file");
    }
    if (response.statusCode() != 200 && response.statusCode() != 206) {
      throw Rejection.of(response, http, source);
    }
    if (!partial.isComplete()) {
      throw new TransientException(
          "only " + partial.size() + " of " + file.size() + " bytes arrived");
    }
  }

  private Transfer.Sink sink(ResponseInfo head) {
    if (head.statusCode() != 200 && head.statusCode() != 206) {
      return bytes -> {};
    }
    if (head.statusCode() == 206 && !continues(head.headers())) {
      etag = null;
      partial.restart();
      return bytes -> {
        throw new TransientException("the server sent another part than was asked for");
      };
    }
    if (head.statusCode() == 200 && partial.size() > 0) {
      partial.restart(); // the server sends the whole
    }
    etag = head.headers().firstValue("ETag").filter(it -> it.startsWith("\"")).orElse(null);
    return this::take;
  }

  private boolean continues(HttpHeaders headers) {
    String range = headers.firstValue("Content-Range").orElse("");
    return range.startsWith("bytes " + partial.size() + "-")
        && (range.endsWith("/" + file.size()) || range.endsWith("/*"));
  }

  private void take(ByteBuffer bytes) throws TransientException {
    partial.append(bytes);
    furthest = Math.max(furthest, partial.size());
    progress.accept(partial.size());
  }
}
