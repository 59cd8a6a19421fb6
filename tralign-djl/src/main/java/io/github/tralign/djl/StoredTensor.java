package io.github.tralign.djl;

import io.github.tralign.djl.huggingface.CheckpointFolder;
import io.github.tralign.djl.huggingface.Dtype;

/**
 * How a parameter is stored in the folder that a model was loaded from.
 *
 * @param name the tensor's name
 * @param dtype its type
 * @param file the name of its file
 */
record StoredTensor(String name, Dtype dtype, String file) {

  static StoredTensor of(CheckpointFolder folder, String name) {
    return new StoredTensor(name, folder.dtype(name), folder.file(name));
  }
}
