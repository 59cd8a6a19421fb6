/** The same program as a module, see tools/release/consume.sh. */
module org.example {
  requires io.github.tralign.djl;
}
