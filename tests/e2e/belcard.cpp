// Reads files of vCards with the parser of Linphone, and tells the name of each card.
#include <belcard/belcard.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

int main(int count, char** paths) {
  auto parser = belcard::BelCardParser::getInstance();
  for (int place = 1; place < count; place++) {
    std::ifstream file(paths[place]);
    std::stringstream text;
    text << file.rdbuf();
    auto cards = parser->parse(text.str());
    if (!cards) {
      std::cerr << paths[place] << " is refused\n";
      return 1;
    }
    for (auto& card : cards->getCards()) {
      std::cout << card->getFullName()->getValue() << "\n";
    }
  }
}
