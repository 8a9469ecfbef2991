"""Articles of many languages in one index: each is found in its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.reader import Reader
from tests.search.building import KEY, article, ids, publish

ARTICLES = (
    article("refund", "How do I get a refund?", "We return your money in five days."),
    article("erstattung", "Wie bekomme ich mein Geld zurück?", "Rückzahlungen dauern.", lang="de"),
    article("storno", "Bestellung stornieren", "Für Österreich.", lang="de-AT"),
    article("retur", "Hur returnerar jag en vara?", "Beställningar skickas i retur.", lang="sv"),
    article("retour", "Être remboursé après un retour", "Le prélèvement s'arrête.", lang="fr"),
    article("mima", "如何重置密码", "打开设置页面。然后点击忘记密码链接。", lang="zh"),
    article("pasuwado", "パスワードを忘れた場合", "設定を開きます。", lang="ja"),
    article("bimil", "비밀번호를 재설정하는 방법", "설정을 여세요.", lang="ko"),
    article("rahat", "วิธีรีเซ็ตรหัสผ่าน", "เปิดหน้าการตั้งค่า", lang="th"),
    article("murur", "كيف أعيد تعيين كلمة المرور", "افتح صفحة الإعدادات.", lang="ar"),
    article("senha", "Esqueci minha senha", "Abra as configurações.", lang="pt-BR"),
    article("haslo", "Nie pamiętam hasła", "Otwórz ustawienia.", lang="pl"),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("builds")
    publish(root, *ARTICLES)
    with Reader(root, key=KEY) as reader:
        yield reader


@pytest.mark.parametrize(
    ("lang", "words", "expected"),
    [
        ("en", "refunds", "refund"),
        ("de", "geld zuruck", "erstattung"),
        ("de", "Rückzahlung", "erstattung"),
        ("sv", "beställning", "retur"),
        ("fr", "prelevements", "retour"),
        ("zh", "密码", "mima"),
        ("zh", "忘记密码怎么办", "mima"),
        ("ja", "パスワード", "pasuwado"),
        ("ko", "비밀번호", "bimil"),
        ("th", "รหัสผ่าน", "rahat"),
        ("ar", "كلمات المرور", "murur"),
        ("pt-BR", "senhas", "senha"),
        ("pl", "hasla", "haslo"),
    ],
)
def test_an_article_is_found_in_its_language(
    reader: Reader, lang: str, words: str, expected: str
) -> None:
    assert [expected] == ids(reader.search(words, lang=lang))
    assert [expected] == ids(reader.search(words))


def test_a_language_finds_its_regions(reader: Reader) -> None:
    assert ids(reader.search("Bestellungen stornieren", lang="de")) == ["storno"]


def test_a_region_without_articles_finds_its_language(reader: Reader) -> None:
    assert ids(reader.search("senha", lang="pt-PT")) == ["senha"]


def test_a_region_with_articles_finds_only_these(reader: Reader) -> None:
    assert ids(reader.search("Geld", lang="de-AT")) == []


def test_another_language_finds_nothing(reader: Reader) -> None:
    assert ids(reader.search("refund", lang="sv")) == []


@pytest.mark.parametrize("lang", ["tlh", "xx-YY", "", "../..", "de'--", "\0"])
def test_an_unknown_language_finds_nothing(reader: Reader, lang: str) -> None:
    assert reader.search("refund", lang=lang).total == 0


def test_words_are_marked_in_a_script_without_spaces(reader: Reader) -> None:
    excerpt = reader.search("忘记密码", lang="zh").hits[0].excerpt

    assert "<mark>忘记密码</mark>" in excerpt


def test_two_regions_of_one_language_are_kept_apart(tmp_path: Path) -> None:
    publish(
        tmp_path,
        article("senha", "Senha", lang="pt-BR"),
        article("senha", "Senha", lang="pt-PT"),
    )

    with Reader(tmp_path, key=KEY) as reader:
        found = reader.search("senha", lang="pt-PT")

    assert [hit.lang for hit in found.hits] == ["pt-PT"]
