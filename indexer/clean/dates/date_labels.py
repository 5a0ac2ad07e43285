"""The words beside dates: of publication, of an update, and others that make no sentence."""

from __future__ import annotations

import re

from indexer.clean.dates.date_words import find_month, load_weekdays
from indexer.clean.dates.folding import fold_name

# In French "maj" is an update; elsewhere it is May.
UPDATE_WORD = re.compile(
    r"updat(?!ing)|modif|\bedited|aktuali[sz]|actuali[sz]|actualit|atualiza|mis[ea]? [aà] jour"
    r"|bijgewerkt|\bmaj\b\s*(?::|le\b|[aà]\b|du\b)|gewijzigd|güncel|guncel|oppdater|opdater"
    r"|uppdater|senast ändra|senast andra|обновл|оновл|обнов|актуализ|ажурир|зменена"
    r"|aggiornat|p[aä]ivitet|diperbarui|dikemas ?kini|kemas ?kini|reviewed|\brevis|\bcorrect"
    r"|\bamended|[aá]ž?urira|azurira|izmijen|fris[sí]*ít|frissit|módos|modos|atnaujin|atjaun"
    r"|uuenda|muudet|ενημ[εέ]ρ|τροποπ|עודכן|עדכון|تحديث|[حح]ُ?دّ?ث|تعديل|به‌?روز|بروزرسان"
    r"|ویرایش|ويرايش|अपडेट|अद्यतन|संशोधित|আপডেট|হালনাগাদ|อัปเดต|อัพเดท|แก้ไข|ปรับปรุง"
    r"|cập nhật|cap nhat|更新|修正|修订|수정|업데이트|განახლ|թարմաց",
    re.I,
)
_PUBLICATION_WORD = re.compile(
    r"\bcread|\bcriad|\bcréé|\bwritten|\bgeschrieben|publi|posted|\bpost\b|issued|released|\bfirst\b|created|veröff|veroff|erschienen"
    r"|erstellt|\bdodano|utworz|objavlj|zverejn|vydán|vydan|közzé|kozze|julkais|udgivet"
    r"|avaldat|paskelb|δημοσ|опублик|опублік|публик|објав|дата публ|פורסם|נכתב|نشر|منتشر"
    r"|انتشار|प्रकाशित|প্রকাশ|เผยแพร่|đăng|yayın|yayin|diterbitkan|tayang|geplaatst|公開|公开|発表"
    r"|发布|發布|掲載|配信|投稿|입력|등록|게재",
    re.I,
)

# Words that may be beside a date in a label; others make it a sentence.
_FILLER_WORDS = (
    "วันอาทิตย์ที่ วันจันทร์ที่ วันอังคารที่ วันพุธที่ วันพฤหัสบดีที่ วันศุกร์ที่ วันเสาร์ที่ ថ្ងៃទី ខែ ឆ្នាំ"
    " creado creada criado written yil yili yilning hs hrs om v ve ora ore den dne dnia à às"
    " published publication publish uploaded updated update posted post modified"
    " modification created issued issue release released edited filed first last latest on"
    " at date dated dateline time am um uhr vom veröffentlicht aktualisiert erstellt datum"
    " stand publié mis à jour maj le créé publicado actualizado fecha hora horas el de del"
    " las a pubblicato aggiornato il alle ore geplaatst gepubliceerd bijgewerkt laatst op"
    " of the th st nd rd er opublikowano opublikowany aktualizacja zaktualizowano dodano"
    " godz godzina roku publikováno zveřejněno vydáno aktualizováno publikované"
    " aktualizované julkaistu päivitetty publisert oppdatert publicerad uppdaterad"
    " publiceret udgivet opdateret kl yayınlanma giriş yayın güncelleme tarihi saat"
    " опубликовано обновлено дата публикации время в г года год опубліковано оновлено о р"
    " року публикувана публикувано обновена ч час објављено ажурирано објавено"
    " dipublikasikan diterbitkan tayang wib diperbarui publicat actualitzat postado"
    " publicada atualizado atualizada em às modifié thứ ngày klo o g h r m d e i u év"
    " közzétéve frissítve objavljeno objavljen ažurirano avaldatud uuendatud publicēts"
    " atjaunots gada gada. m. d. paskelbta atnaujinta val actualizat la δημοσιευση"
    " δημοσιευτηκε ενημερωση τελευταια στισ ωρα και פורסם עודכן בשעה בתאריך ב יום תאריך"
    " تاريخ النشر نشر في بتاريخ آخر تحديث الساعة الموافق يوم م هـ ه منتشر شده انتشار ساعت"
    " تاریخ به روزرسانی प्रकाशित अपडेट तारीख को प्रकाशन तिथि প্রকাশ প্রকাশিত আপডেট সময়"
    " เผยแพร่ อัปเดต วันที่ เวลา น พ.ศ ค.ศ đăng lúc cập nhật giờ năm tháng 公開 公開日 更新 更新日"
    " 掲載 掲載日 配信 発表 発行 投稿 投稿日 日時 発信 最終更新 最終更新日時 公開日時"
    " 发布 发布于 发布时间 发表 发表于 更新于 时间 日期 發布 發佈"
    " 發布時間 發表 時間 更新時間 入稿 입력 수정 최종수정 등록 게재 기사입력 승인 업데이트 송고"
)
_FILLER = frozenset(map(fold_name, _FILLER_WORDS.split()))
# Without the units of dates and times in East Asia, which are letters, too.
_OTHER_WORD = re.compile(
    r"(?!(?<=\d)[年月日時时分秒点點년월일시분초])(?:[^\W\d_]|[\u0900-\u1cff])+"
)
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u1cff])+|\d+")


def is_date_label(text: str) -> bool:
    """Return whether a folded text without its dates and times has only words of a label."""
    words = {fold_name(word) for word in _WORD.findall(text)} - _FILLER
    return not words or words <= load_weekdays()


def count_other_words(text: str, language: str) -> int:
    """Count the words of a text that do not belong to dates and their labels."""
    words = (fold_name(word) for word in _OTHER_WORD.findall(text))
    return sum(word not in _FILLER and not find_month(word, language) for word in words)


def is_update_label(text: str) -> bool:
    """Return whether the last label in a text is that of an update, not of a publication."""
    updates = [match.start() for match in UPDATE_WORD.finditer(text)]
    publications = [match.start() for match in _PUBLICATION_WORD.finditer(text)]
    return bool(updates) and updates[-1] > max(publications, default=-1)


def has_label(text: str) -> bool:
    return bool(UPDATE_WORD.search(text) or _PUBLICATION_WORD.search(text))
