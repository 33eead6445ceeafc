"""The parts of Rasa's pipeline that this project adds: lexicon entities, sentence encoder, classifier, override."""
