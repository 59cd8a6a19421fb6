package io.github.tralign.djl.distributed;

/**
 * Values that processes share by key, each put once. Closed, or unreachable, it fails every call.
 */
final class Store implements AutoCloseable {

  private long handle;

  private Store(long handle) {
    this.handle = handle;
  }

  static Store serve(int port, long timeoutMillis) {
    return new Store(Collective.serve(port, timeoutMillis));
  }

  static Store connect(String host, int port, long timeoutMillis) {
    return new Store(Collective.connect(host, port, timeoutMillis));
  }

  synchronized int port() {
    return Collective.port(open());
  }

  /**
   * Puts a value unless the key has one.
   *
   * @return the value that the key has now
   */
  synchronized String put(String key, String value) {
    return Collective.put(open(), key, value);
  }

  /** The value of a key, empty if it has none. */
  String get(String key) {
    return put(key, "");
  }

  private long open() {
    if (handle == 0) {
      throw new IllegalStateException("the store is closed");
    }
    return handle;
  }

  @Override
  public synchronized void close() {
    if (handle != 0) {
      Collective.release(handle);
      handle = 0;
    }
  }
}
