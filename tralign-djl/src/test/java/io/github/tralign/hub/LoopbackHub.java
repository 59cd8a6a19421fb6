package io.github.tralign.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import io.github.tralign.hub.LoopbackServer.Reply;
import io.github.tralign.hub.LoopbackServer.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A hub with one repository, which speaks the protocol as the real one does: large files are on
 * another server, to which it redirects.
 */
public final class LoopbackHub implements AutoCloseable {

  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final ObjectMapper JSON = new ObjectMapper();

  final LoopbackServer hub;
  final LoopbackServer content;

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<byte[], String> hashes = Collections.synchronizedMap(new IdentityHashMap<>());
  private final int large; // bytes from which a file is on the other server
  private final String repo; // such as models/owner/name
  private Function<Request, Optional<Reply>> first = request -> Optional.empty();
  private Function<Reply, Reply> last = reply -> reply;
  private String commit = COMMIT;
  private boolean listsHashes = true;

  /**
   * A hub.
   *
   * @param repo such as {@code models/owner/name}
   */
  public LoopbackHub(String repo, int large, int port) {
    this.repo = repo;
    this.large = large;
    content = new LoopbackServer(0, request -> last.apply(content(request)));
    hub = new LoopbackServer(port, request -> first.apply(request).orElseGet(() -> reply(request)));
  }

  public LoopbackHub(String repo) {
    this(repo, 1000, 0);
  }

  /** What HF_ENDPOINT is set to. */
  public String address() {
    return hub.address();
  }

  /** Adds a file. */
  public LoopbackHub with(String path, byte[] bytes) {
    files.put(path, bytes);
    return this;
  }

  public LoopbackHub with(String path, String text) {
    return with(path, text.getBytes(UTF_8));
  }

  /** Adds the files of a folder, without those of folders in it. */
  public LoopbackHub withFilesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        with(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return this;
  }

  void without(String path) {
    files.remove(path);
  }

  /** The next commit of main. */
  LoopbackHub at(String other) {
    commit = other;
    return this;
  }

  LoopbackHub withoutHashes() {
    listsHashes = false;
    return this;
  }

  /** What is answered instead, to requests to the hub itself. */
  void answer(Function<Request, Optional<Reply>> instead) {
    first = instead;
  }

  /** What becomes of the replies of the server with the large files. */
  void change(Function<Reply, Reply> change) {
    last = change;
  }

  private Reply reply(Request request) {
    String target = request.target().replaceFirst("^http://[^/]*", ""); // as a proxy gets it
    String path = URLDecoder.decode(target.replaceFirst("[?].*", ""), UTF_8);
    String prefix = repo.startsWith("models/") ? repo.substring(7) : repo;
    if (path.equals("/api/" + repo) || path.startsWith("/api/" + repo + "/revision/")) {
      String revision =
          path.equals("/api/" + repo)
              ? "main"
              : path.substring(("/api/" + repo + "/revision/").length());
      return revision.matches("main|refs/pr/1|" + commit)
          ? json(list().toString())
          : Reply.of(404, "X-Error-Code", "RevisionNotFound");
    }
    if (path.startsWith("/api/" + repo + "/tree/")) {
      return json(tree().toString());
    }
    String resolve = "/" + prefix + "/resolve/";
    if (!path.startsWith(resolve)) {
      return Reply.of(
          401, "X-Error-Code", "RepoNotFound", "X-Error-Message", "Repository not found");
    }
    String file = path.substring(resolve.length()).replaceFirst("^[^/]*/", "");
    byte[] bytes = files.get(file);
    if (bytes == null) {
      return Reply.of(404, "X-Error-Code", "EntryNotFound");
    }
    Map<String, String> headers = new TreeMap<>();
    headers.put("X-Repo-Commit", commit);
    headers.put("X-Linked-Size", String.valueOf(bytes.length));
    headers.put("X-Linked-Etag", '"' + hash(bytes) + '"');
    if (isLarge(bytes)) {
      headers.put("Location", content.address() + "/" + hash(bytes) + "?signature=secret");
      return Reply.of(302, headers, new byte[0]);
    }
    headers.put("ETag", '"' + hash(bytes) + '"');
    return Reply.of(200, headers, bytes);
  }

  private Reply content(Request request) {
    for (byte[] bytes : files.values()) {
      if (request.target().startsWith("/" + hash(bytes))) {
        return range(request, bytes);
      }
    }
    return Reply.of(404);
  }

  static Reply range(Request request, byte[] bytes) {
    String etag = "\"" + Hashing.crc32().hashBytes(bytes) + "\"";
    String range = request.header("range");
    boolean same = request.header("if-range").isEmpty() || request.header("if-range").equals(etag);
    if (!range.startsWith("bytes=") || !same) {
      return Reply.of(200, Map.of("ETag", etag), bytes);
    }
    int from = Integer.parseInt(range.substring(6, range.length() - 1));
    if (from >= bytes.length) {
      return Reply.of(416);
    }
    String given = "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length;
    return Reply.of(
        206,
        Map.of("ETag", etag, "Content-Range", given),
        Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private boolean isLarge(byte[] bytes) {
    return bytes.length >= large;
  }

  private String hash(byte[] bytes) {
    return hashes.computeIfAbsent(
        bytes, it -> isLarge(it) ? Hashing.sha256().hashBytes(it).toString() : gitHash(it));
  }

  @SuppressWarnings("deprecation") // git's
  static String gitHash(byte[] bytes) {
    return Hashing.sha1()
        .newHasher()
        .putString("blob " + bytes.length + "\0", UTF_8)
        .putBytes(bytes)
        .hash()
        .toString();
  }

  private ObjectNode list() {
    ObjectNode answer =
        JSON.createObjectNode().put("id", repo.replaceFirst("^[^/]*/", "")).put("sha", commit);
    ArrayNode siblings = answer.putArray("siblings");
    files.forEach(
        (path, bytes) -> {
          ObjectNode file = siblings.addObject().put("rfilename", path);
          if (listsHashes) {
            file.put("size", bytes.length).put("blobId", gitHash(bytes));
          }
          if (listsHashes && isLarge(bytes)) {
            file.putObject("lfs")
                .put("sha256", hash(bytes))
                .put("size", bytes.length)
                .put("pointerSize", 134);
          }
        });
    return answer;
  }

  /** The list that Python's library asks for. */
  private ArrayNode tree() {
    ArrayNode answer = JSON.createArrayNode();
    files.forEach(
        (path, bytes) -> {
          ObjectNode file = answer.addObject().put("type", "file").put("path", path);
          file.put("size", bytes.length).put("oid", gitHash(bytes));
          if (isLarge(bytes)) {
            file.putObject("lfs")
                .put("oid", hash(bytes))
                .put("size", bytes.length)
                .put("pointerSize", 134);
          }
        });
    return answer;
  }

  private static Reply json(String text) {
    return Reply.of(200, Map.of("Content-Type", "application/json"), text.getBytes(UTF_8));
  }

  @Override
  public void close() {
    hub.close();
    content.close();
  }
}
