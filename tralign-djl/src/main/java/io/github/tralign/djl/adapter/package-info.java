/** LoRA adapters in the folders of PEFT: what they change in a model. */
@NullMarked
package io.github.tralign.djl.adapter;

import org.jspecify.annotations.NullMarked;
