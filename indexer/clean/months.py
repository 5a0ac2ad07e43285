"""The names of months in the dates of many languages."""

from __future__ import annotations

# From January on; of each month the forms that are used with a day, without their dots.
_MONTH_NAMES = (
    (
        "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari janúar ledna"
        " stycznia sty января янв січня ocak sausio tammikuuta január ianuarie siječnja"
        " januara janar ιανουαρίου ינואר يناير जनवरी gener"
    ),
    (
        "february feb februar février févr fév febrero febbraio febb fevereiro fev februari febrúar"
        " února lutego lut февраля фев лютого şubat vasario helmikuuta február februarie veljače"
        " februara shkurt φεβρουαρίου פברואר فبراير फरवरी febrer"
    ),
    (
        "march mar märz mrz mars marzo março maart marts března marca марта мар"
        " березня mart kovo maaliskuuta március martie ožujka marta maret mac μαρτίου מרץ مارس"
        " मार्च"
        " març"
    ),
    (
        "april apr avril avr abril abr aprile aprílu apríl dubna kwietnia kwi апреля апр квітня"
        " nisan"
        " balandžio huhtikuuta április aprilie travnja aprila απριλίου אפריל أبريل ابريل अप्रैल"
    ),
    (
        "may mai mayo maggio mag maio mei maj maí května máj mája maja мая травня mayıs gegužės"
        " toukokuuta május svibnja μαΐου מאי مايو मई maig"
    ),
    (
        "june jun juni juin junio giugno giu junho júní června czerwca cze июня июн червня haziran"
        " birželio kesäkuuta június iunie lipnja juna ιουνίου יוני يونيو जून juny"
    ),
    (
        "july jul juli juillet juil julio luglio lug julho júlí července lipca lip июля июл липня"
        " temmuz liepos heinäkuuta július iulie srpnja jula julai ιουλίου יולי يوليو जुलाई juliol"
    ),
    (
        "august aug août agosto ago augustus augusti ágúst srpna sierpnia sie августа авг серпня"
        " ağustos rugpjūčio elokuuta augusztus kolovoza augusta agustus ogos αυγούστου אוגוסט أغسطس"
        " अगस्त agost"
    ),
    (
        "september sept sep septembre septiembre set settembre sett setembro septembris září"
        " września wrz сентября сен сент вересня eylül rugsėjo syyskuuta szeptember septembrie"
        " rujna"
        " septembra σεπτεμβρίου ספטמבר سبتمبر सितंबर setembre"
    ),
    (
        "october oct oktober octobre octubre ottobre ott outubro out okt október října października"
        " paź октября окт жовтня ekim spalio lokakuuta octombrie oktobra οκτωβρίου"
        " אוקטובר أكتوبر اكتوبر अक्टूबर"
    ),
    (
        "november nov novembre noviembre novembro nóvember listopadu listopada ноября ноя листопада"
        " kasım lapkričio marraskuuta noiembrie studenoga novembra nopember νοεμβρίου נובמבר نوفمبر"
        " नवंबर"
    ),
    (
        "december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des"
        " prosince grudnia gru декабря дек грудня aralık gruodžio joulukuuta decembrie prosinca"
        " decembra"
        " disember δεκεμβρίου דצמבר ديسمبر दिसंबर desembre"
    ),
)

MONTHS_BY_NAME = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
