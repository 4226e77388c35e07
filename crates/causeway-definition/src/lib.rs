//! Reads a definition into typed values, renders requests and reads answers.
