package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.chat.jinja.Token.Kind;

/** A stream of tokens. */
final class Tokens {

  private final ImmutableList<Token> tokens;
  private int at;

  Tokens(ImmutableList<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    at++;
    return token;
  }

  boolean takeOperator(String operator) {
    return take(peek().isOperator(operator));
  }

  boolean takeName(String name) {
    return take(peek().isName(name));
  }

  private boolean take(boolean present) {
    at += present ? 1 : 0;
    return present;
  }

  Token expect(Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!takeName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  JinjaException unexpected(String expected) {
    return new JinjaException("expected " + expected + ", found " + peek()).at(peek().line());
  }
}
