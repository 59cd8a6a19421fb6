package io.github.tralign.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.net.UrlEscapers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hub's addresses, and what it answers. */
final class HubApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST = 64 << 20; // bytes of a list of files

  private final HubHttp http;
  private final Retries retries;

  HubApi(HubHttp http, Retries retries) {
    this.http = http;
    this.retries = retries;
  }

  /**
   * A revision of a repository.
   *
   * @param commit 40 hexadecimal digits
   * @param files what is in it, in the hub's order
   */
  record Revision(String commit, List<Entry> files) {}

  /**
   * A line of the hub's list.
   *
   * @param size −1 if the list has none
   * @param hash empty if the list has none
   */
  record Entry(String path, long size, String hash) {}

  /** Asks which commit a revision is, and which files it has. */
  Revision revision(HubReference reference) {
    URI place =
        URI.create(
            String.format(
                Locale.ROOT,
                "%s/api/%s/%s/revision/%s?blobs=true",
                http.endpoint(),
                reference.kind().plural(),
                reference.repo(),
                escaped(reference.revision())));
    JsonNode answer = retries.run(reference.toString(), () -> 0, () -> json(reference, place));
    String commit = answer.path("sha").asText();
    if (!commit.matches("[0-9a-f]{40}") || !answer.path("siblings").isArray()) {
      throw new HubException(
          HubHttp.origin(place)
              + ": the answer about "
              + reference
              + " has no commit and no files;"
              + " is this a hub?");
    }
    List<Entry> files = new ArrayList<>();
    for (JsonNode file : answer.path("siblings")) {
      JsonNode lfs = file.path("lfs");
      files.add(
          new Entry(
              file.path("rfilename").asText(),
              (lfs.has("size") ? lfs : file).path("size").asLong(-1),
              lfs.has("sha256") ? lfs.path("sha256").asText() : file.path("blobId").asText()));
    }
    return new Revision(commit, files);
  }

  /** An entry with what the list lacks, for which the file itself is asked. */
  RemoteFile file(HubReference commit, Entry entry) {
    if (entry.size() >= 0 && RemoteFile.isHash(entry.hash())) {
      return new RemoteFile(entry.path(), entry.size(), entry.hash());
    }
    URI place = content(commit, entry.path());
    HttpHeaders headers =
        retries.run(
            entry.path(),
            () -> 0,
            () -> {
              HttpResponse<@Nullable Void> response = http.head(place);
              if (response.statusCode() >= 400) {
                throw Rejection.of(response, http, commit.path(entry.path()));
              }
              return response.headers();
            });
    String etag = header(headers, "X-Linked-Etag", header(headers, "ETag", ""));
    String size = header(headers, "X-Linked-Size", header(headers, "Content-Length", ""));
    return new RemoteFile(
        entry.path(),
        size.matches("\\d{1,18}") ? Long.parseLong(size) : -1,
        etag.replaceFirst("^W/", "").replace("\"", ""));
  }

  /** Where a file's content is. */
  URI content(HubReference commit, String path) {
    return URI.create(
        http.endpoint()
            + "/"
            + commit.kind().prefix()
            + commit.repo()
            + "/resolve/"
            + escaped(commit.revision())
            + "/"
            + Stream.of(path.split("/")).map(HubApi::escaped).collect(Collectors.joining("/")));
  }

  private JsonNode json(HubReference reference, URI place)
      throws IOException, InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    HttpResponse<@Nullable Void> response =
        http.get(
            place, Map.of("Accept", "application/json"), () -> new Transfer(it -> collect(text)));
    if (response.statusCode() != 200) {
      throw Rejection.of(response, http, reference);
    }
    try {
      return JSON.readTree(text.toByteArray());
    } catch (JsonProcessingException e) { // such as the page of a proxy
      throw new HubException(
          HubHttp.origin(place)
              + ": the answer about "
              + reference
              + " is not JSON;"
              + " is this a hub?",
          e);
    }
  }

  private static Transfer.Sink collect(ByteArrayOutputStream text) {
    text.reset();
    return bytes -> {
      if (text.size() + bytes.remaining() > LARGEST) {
        throw new HubException("the hub's list of files is larger than 64 MiB");
      }
      byte[] part = new byte[bytes.remaining()];
      bytes.get(part);
      text.writeBytes(part);
    };
  }

  private static String header(HttpHeaders headers, String name, String otherwise) {
    return headers.firstValue(name).filter(Predicate.not(String::isBlank)).orElse(otherwise);
  }

  private static String escaped(String text) {
    return UrlEscapers.urlPathSegmentEscaper().escape(text);
  }
}
