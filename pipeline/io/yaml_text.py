"""YAML as people wrote it: where its parts stand, and changing one of them in place."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

_LIST_INDENT = 2


def shown_scalar(text: str, *, in_brackets: bool = False, quote: str | None = None) -> str:
    """`text` as YAML on one line, quoted where it must be."""
    style = '"' if any(end in text for end in "\n\r\x85\u2028\u2029") else quote
    value = [text] if in_brackets else text
    shown = yaml.dump(
        value, Dumper=yaml.SafeDumper, allow_unicode=True, width=2**31,
        default_flow_style=True, default_style=style,
    )  # fmt: skip
    shown = shown.removesuffix("\n").removesuffix("\n...")
    return shown[1:-1] if in_brackets else shown


class YamlText:
    """Text of a file whose root is a mapping of lists, changed one part at a time.

    After each change the text is parsed anew, so that places are always right. What cannot be
    changed without losing a comment raises ValueError.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._end = "\r\n" if "\r\n" in text else "\n"
        self._parse()

    def find(self, key: str, theme_id: str) -> yaml.MappingNode:
        """The entry of the list `key` that has this id."""
        for entry in self._items(key):
            if isinstance(entry, yaml.MappingNode):
                value = _value_of(entry, "id")
                if value is not None and value.value == theme_id:
                    return entry
        raise ValueError(f"no entry '{theme_id}' of its own")

    def remove_item(self, key: str, item: yaml.Node) -> None:
        """Cut an item out of the list `key` of the root; an empty list stays as `[]`."""
        node = self._list(key)
        assert node is not None
        if len(node.value) == 1:
            self._keep_key_only(key, node)
        else:
            self._cut(node, item)

    def add_entries(self, key: str, entries: Sequence[Sequence[str]]) -> None:
        """Write entries, given as lines, at the end of the list `key` of the root."""
        node = self._list(key)
        if node is not None and not node.value:
            self._open_brackets(key, node)
            place, indent, is_apart = self._below_key(key), _LIST_INDENT, False
        elif node is None:
            self._add_key(key)
            place, indent, is_apart = self._below_key(key), _LIST_INDENT, False
        else:
            if node.flow_style:
                raise ValueError(f"{key} is written in brackets; write one a line")
            last = node.value[-1]
            place, indent = self._line_end(_end_of(last, self.text)), self._dash_column(last)
            is_apart = len(node.value) == 1 or self._stand_apart(node)
        lines: list[str] = []
        for number, entry in enumerate(entries):
            lines += [""] if is_apart or number else []
            lines += [" " * indent + line for line in entry]
        self._insert_lines(place, lines)

    def change_pairs(
        self, key: str, gone: Sequence[tuple[str, str]], fresh: Sequence[tuple[str, str]]
    ) -> None:
        """Remove and add pairs of the list `key` of the root; a pair has no order."""
        for pair in gone:
            while (item := self._find_pair(key, pair)) is not None:
                self.remove_item(key, item)
        if fresh:
            shown = [[f"- [{', '.join(shown_scalar(c, in_brackets=True) for c in pair)}]"]
                     for pair in fresh]  # fmt: skip
            node = self._list(key)
            if node is not None and node.value and node.flow_style:
                for (line,) in shown:
                    node = self._list(key)
                    assert node is not None
                    self._splice(_end_of(node.value[-1], self.text), None, f", {line[2:]}")
            else:
                for lines in shown:
                    self._add_line(key, lines)

    def set_text(self, entry: yaml.MappingNode, key: str, text: str) -> None:
        """Write another value for a key that is a text."""
        self._check_block(entry)
        node = _value_of(entry, key)
        if not isinstance(node, yaml.ScalarNode):
            raise ValueError(f"{key} is no text of its own")  # noqa: TRY004
        quote = node.style if node.style in {"'", '"'} else None
        shown = shown_scalar(text, quote=quote, in_brackets=entry.flow_style)
        if entry.flow_style and quote:
            shown = shown_scalar(text, quote=quote)
        self._splice(node.start_mark.index, _end_of(node, self.text), shown)

    def change_list(
        self, entry: yaml.MappingNode, key: str, gone: Sequence[str], fresh: Sequence[str]
    ) -> None:
        """Remove and add items of a list of texts below `key`, which may be missing."""
        theme_id = _value_of(entry, "id")
        assert theme_id is not None
        self._check_block(entry)
        node = _list_of(entry, key)
        while node is not None and (item := _find_text(node, gone)) is not None:
            if len(node.value) == 1:
                self._splice(node.start_mark.index, _end_of(node, self.text), "[]")
            else:
                self._cut(node, item)
            entry = self.find("themes", theme_id.value)
            node = _list_of(entry, key)
        if fresh:
            self._add_texts(entry, key, fresh)
        elif node is not None and not node.value:
            self._drop_key(entry, key)

    def _add_texts(self, entry: yaml.MappingNode, key: str, fresh: Sequence[str]) -> None:
        node = _list_of(entry, key)
        shown = ", ".join(shown_scalar(text, in_brackets=True) for text in fresh)
        if entry.flow_style and node is None:
            place = _end_of(entry.value[-1][1], self.text)
            self._splice(place, None, f", {key}: [{shown}]")
        elif node is None:
            column = entry.value[0][0].start_mark.column
            place = self._line_end(_end_of(entry, self.text))
            items = [f"{' ' * (column + 2)}- {shown_scalar(text)}" for text in fresh]
            self._insert_lines(place, [f"{' ' * column}{key}:", *items])
        elif not node.value:
            self._splice(node.start_mark.index, _end_of(node, self.text), f"[{shown}]")
        elif node.flow_style:
            self._splice(_end_of(node.value[-1], self.text), None, f", {shown}")
        else:
            indent = " " * self._dash_column(node.value[-1])
            place = self._line_end(_end_of(node.value[-1], self.text))
            self._insert_lines(place, [f"{indent}- {shown_scalar(text)}" for text in fresh])

    def _drop_key(self, entry: yaml.MappingNode, key: str) -> None:
        """Remove a key and its empty list, unless its line holds more than that."""
        if entry.flow_style:
            return
        name, node = next(pair for pair in entry.value if pair[0].value == key)
        start = self._line_start(name.start_mark.index)
        stop = self._line_end(_end_of(node, self.text))
        if self.text[start:stop].strip() == f"{key}: []":
            self._splice(start, stop, "")

    def _add_line(self, key: str, line: list[str]) -> None:
        """Write one item of one line at the end of the list `key` of the root."""
        node = self._list(key)
        if node is not None and node.value:
            last = node.value[-1]
            indent = " " * self._dash_column(last)
            self._insert_lines(self._line_end(_end_of(last, self.text)), [indent + line[0]])
        else:
            self.add_entries(key, [line])

    def _find_pair(self, key: str, pair: tuple[str, str]) -> yaml.Node | None:
        for item in self._items(key):
            if sorted(part.value.strip() for part in item.value) == sorted(pair):
                return item
        return None

    def _parse(self) -> None:
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        if isinstance(root, yaml.ScalarNode) and not root.value:
            root = None
        if root is not None and not isinstance(root, yaml.MappingNode):
            raise ValueError("it holds no keys")
        if root is not None and root.flow_style and root.value:
            raise ValueError("it is written in braces")
        self._root: yaml.MappingNode | None = root
        self._dashes: list[yaml.Mark] = [
            token.start_mark
            for token in yaml.scan(self.text, Loader=yaml.SafeLoader)
            if isinstance(token, yaml.BlockEntryToken)
        ]

    def _list(self, key: str) -> yaml.SequenceNode | None:
        return _list_of(self._root, key) if self._root is not None else None

    def _items(self, key: str) -> list[yaml.Node]:
        node = self._list(key)
        return list(node.value) if node is not None else []

    def _check_block(self, entry: yaml.MappingNode) -> None:
        if entry.flow_style and "#" in self.text[entry.start_mark.index : entry.end_mark.index]:
            raise ValueError("an entry in braces has a comment")

    def _cut(self, node: yaml.SequenceNode, item: yaml.Node) -> None:
        """Remove one of several items of a list."""
        number = node.value.index(item)
        if node.flow_style:
            if "#" in self.text[node.start_mark.index : node.end_mark.index]:
                raise ValueError("a list in brackets has a comment")
            if number:
                start = _end_of(node.value[number - 1], self.text)
                self._splice(start, _end_of(item, self.text), "")
            else:
                self._splice(item.start_mark.index, node.value[1].start_mark.index, "")
            return
        start = self._line_start(self._dash(item).index)
        stop = self._line_end(_end_of(item, self.text))
        if number == 0 and self.text[start : self._dash(item).index].strip():
            raise ValueError("a list begins on the line of another")
        is_apart = not self.text[:start].rpartition(self._end)[0].endswith(self._end)
        blank = self._line_end(stop)
        if not is_apart and not self.text[stop:blank].strip():
            stop = blank
        self._splice(start, stop, "")

    def _keep_key_only(self, key: str, node: yaml.SequenceNode) -> None:
        """Replace a list by `[]`; comments below its lines stay where they are."""
        name = self._key(key)
        if node.flow_style:
            self._splice(node.start_mark.index, _end_of(node, self.text), "[]")
            return
        start = self._line_start(self._dash(node.value[0]).index)
        stop = self._line_end(_end_of(node, self.text))
        self._splice(start, stop, "")
        colon = self.text.index(":", name.end_mark.index) + 1
        self._splice(colon, None, " []")

    def _open_brackets(self, key: str, node: yaml.SequenceNode) -> None:
        start, stop = node.start_mark.index, _end_of(node, self.text)
        if self.text[start:stop].replace(" ", "") != "[]":
            raise ValueError(f"{key} has a comment in its brackets")
        while self.text[start - 1] == " ":
            start -= 1
        self._splice(start, stop, "", parse=False)

    def _add_key(self, key: str) -> None:
        if self._root is None or not self._root.value:
            place = len(self.text)
            if self._root is not None:
                raise ValueError("it is written in braces")
        else:
            place = self._line_end(_end_of(self._root, self.text))
        self._insert_lines(place, [f"{key}:"], parse=False)

    def _below_key(self, key: str) -> int:
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        assert isinstance(root, yaml.MappingNode)
        name = next(pair[0] for pair in root.value if pair[0].value == key)
        return self._line_end(name.end_mark.index)

    def _key(self, key: str) -> yaml.Node:
        assert self._root is not None
        found: yaml.Node = next(pair[0] for pair in self._root.value if pair[0].value == key)
        return found

    def _dash(self, item: yaml.Node) -> yaml.Mark:
        before = [mark for mark in self._dashes if mark.index < item.start_mark.index]
        return before[-1]  # tokens come in the order of the text

    def _dash_column(self, item: yaml.Node) -> int:
        return int(self._dash(item).column)

    def _stand_apart(self, node: yaml.SequenceNode) -> bool:
        """Whether a blank line parts the last two items."""
        start = _end_of(node.value[-2], self.text)
        between = self.text[start : self._dash(node.value[-1]).index].split("\n")
        return any(not line.strip() for line in between[1:-1])

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        """Place after the end of the line that `index` is in."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def _insert_lines(self, place: int, lines: Sequence[str], *, parse: bool = True) -> None:
        is_open = place > 0 and self.text[place - 1] != "\n"
        block = "".join(line + self._end for line in lines)
        self._splice(place, None, (self._end if is_open else "") + block, parse=parse)

    def _splice(self, start: int, stop: int | None, text: str, *, parse: bool = True) -> None:
        self.text = self.text[:start] + text + self.text[start if stop is None else stop :]
        if parse:
            self._parse()


def _value_of(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _list_of(node: yaml.MappingNode, key: str) -> yaml.SequenceNode | None:
    found = _value_of(node, key)
    if found is not None and not isinstance(found, yaml.SequenceNode):
        raise ValueError(f"{key} is no list")
    return found


def _find_text(node: yaml.SequenceNode, texts: Sequence[str]) -> yaml.Node | None:
    return next((item for item in node.value if item.value.strip() in texts), None)


def _end_of(node: yaml.Node, text: str) -> int:
    """Place after the last character of a node, without the comments and blanks behind it."""
    if isinstance(node, yaml.ScalarNode):
        end = int(node.end_mark.index)
        if node.style in {"|", ">"}:
            end = node.start_mark.index + len(text[node.start_mark.index : end].rstrip())
        return end
    assert isinstance(node, yaml.CollectionNode)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end_of(last[1] if isinstance(last, tuple) else last, text)
