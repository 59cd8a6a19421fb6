package io.github.tralign.hub;

/** Is told how far a fetch is. */
public interface FetchProgress {

  /**
   * More has arrived.
   *
   * @param file the path in the repository
   * @param done bytes of all files that are there
   * @param total bytes of all files
   */
  void at(String file, long done, long total);
}
