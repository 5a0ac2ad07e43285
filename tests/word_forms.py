"""Words in many languages: forms that a search must find together, and words that it must not.

The forms were chosen as an editor would choose them, and not after a stemmer: what a stemmer makes
of them is measured, and no reason to change a row.
"""

from __future__ import annotations

from dataclasses import dataclass

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class WordForms:
    """The words of one language, a BCP 47 primary subtag.

    The language of `sentence`, with any of the words at its `{}`, can be detected. A reader calls
    the forms of a group in `meet` one word, and those of a pair in `differ` two words.
    """

    language: str
    sentence: str
    meet: Groups
    differ: Groups


def _build_forms(language: str, sentence: str, meet: str, differ: str) -> WordForms:
    return WordForms(language, sentence, _split_groups(meet), _split_groups(differ))


def _split_groups(groups: str) -> Groups:
    return tuple(tuple(group.split()) for group in groups.split("|"))


# Chinese has no inflection: its forms are simplified and traditional. Japanese and Korean words
# have particles, Arabic and Hebrew ones an article, a preposition or a conjunction.
WORD_FORMS = (
    _build_forms("en",
        "It was only on Tuesday evening that the word {} appeared on the front page of this "
        "newspaper, and our readers have been asking why.",
        "election elections | minister ministers | price prices | city cities | war wars | "
        "court courts | bank banks bank's | school schools | decide decided deciding | "
        "announce announces announced",
        "policy police | university universe | new news | past paste | general generous"),
    _build_forms("de",
        "Erst am Dienstagabend stand das Wort {} auf der ersten Seite dieser Zeitung, und viele "
        "Leser haben uns seither gefragt, warum es so lange fehlte.",
        "Wahl Wahlen | Minister Ministers Ministern | Preis Preise Preisen | "
        "Stadt Städte Städten | Krieg Kriege Krieges | Gericht Gerichte Gerichts | Bank Banken | "
        "Schule Schulen | Ärztin Ärztinnen | melden meldet meldete",
        "Wahl Wal | Schule Schuld | Arme Armee | Messe Messer | Kirche Kirsche"),
    _build_forms("fr",
        "Ce n'est que mardi soir que le mot {} est paru à la une de notre journal, et plusieurs "
        "lecteurs nous ont demandé pourquoi.",
        "élection élections l'élection | ministre ministres | ville villes | guerre guerres | "
        "tribunal tribunaux | banque banques | école écoles l'école | médecin médecins | "
        "annoncer annoncé annonçait | Ukraine l'Ukraine d'Ukraine",
        "poisson poison | port porte | cas case | banc banque | désert dessert"),
    _build_forms("es",
        "No fue hasta el martes por la noche cuando la palabra {} apareció en la portada de este "
        "diario, y nuestros lectores preguntan por qué.",
        "elección elecciones | ministro ministra ministros | precio precios | ciudad ciudades | "
        "guerra guerras | tribunal tribunales | banco bancos | escuela escuelas | "
        "médico médica médicos | anunciar anunció anunciaron",
        "casa caso | peso piso | puerto puerta | plata plato | modo moda"),
    _build_forms("it",
        "Solo martedì sera la parola {} è comparsa sulla prima pagina di questo giornale, e "
        "molti lettori ci hanno chiesto perché prima non ci fosse.",
        "elezione elezioni l'elezione | ministro ministra ministri | prezzo prezzi | "
        "guerra guerre | tribunale tribunali | banca banche | scuola scuole | medico medici | "
        "annunciare annunciato annunciò | Ucraina l'Ucraina dell'Ucraina",
        "casa caso | foglio foglia | pasto pasta | torto torta | modo moda"),
    _build_forms("pt",
        "Foi só na terça-feira à noite que a palavra {} apareceu na primeira página deste "
        "jornal, e muitos leitores nos perguntaram por que razão.",
        "eleição eleições | ministro ministra ministros | preço preços | cidade cidades | "
        "guerra guerras | tribunal tribunais | banco bancos | escola escolas | "
        "médico médica médicos | anunciar anunciou anunciaram",
        "casa caso | peso piso | porto porta | prato prata | modo moda"),
    _build_forms("nl",
        "Pas op dinsdagavond stond het woord {} op de voorpagina van deze krant, en veel lezers "
        "hebben ons sindsdien gevraagd waarom het zo lang ontbrak.",
        "verkiezing verkiezingen | minister ministers | prijs prijzen | stad steden | "
        "oorlog oorlogen | rechtbank rechtbanken | bank banken | school scholen | arts artsen | "
        "melden meldt meldde",
        "bom boom | man maan | staat straat | tak taak | politie politiek"),
    _build_forms("sv",
        "Först på tisdagskvällen stod ordet {} på första sidan i den här tidningen, och många "
        "läsare har sedan dess frågat oss varför det dröjde.",
        "val valet valen | minister ministern ministrar | pris priset priser | "
        "stad staden städer | krig kriget krigen | domstol domstolen domstolar | "
        "bank banken banker | skola skolan skolor | läkare läkaren läkarna | "
        "besluta beslutar beslutade",
        "bil bild | hamn namn | gata gåta | bank bänk | lag lager"),
    _build_forms("da",
        "Først tirsdag aften stod ordet {} på forsiden af denne avis, og mange læsere har siden "
        "spurgt os, hvorfor det ikke var der før.",
        "valg valget valgene | minister ministeren ministre | pris prisen priser | "
        "by byen byer | krig krigen krige | domstol domstolen domstole | bank banken banker | "
        "skole skolen skoler | læge lægen læger | beslutte beslutter besluttede",
        "politi politik | mor mord | hav havn | sag sang | mand mad"),
    _build_forms("nb",
        "Først tirsdag kveld sto ordet {} på forsiden av denne avisen, og mange lesere har siden "
        "spurt oss hvorfor det ikke var der før.",
        "valg valget valgene | minister ministeren ministrene | pris prisen priser | "
        "by byen byer | krig krigen krigene | domstol domstolen domstoler | bank banken banker | "
        "skole skolen skoler | lege legen leger | beslutte beslutter besluttet",
        "politi politikk | mor mord | hav havn | tak takk | regn regnskap"),
    _build_forms("fi",
        "Vasta tiistai-iltana sana {} oli tämän lehden etusivulla, ja monet lukijat ovat sen "
        "jälkeen kysyneet meiltä, miksi se ei ollut siellä jo aiemmin.",
        "vaali vaalit vaaleissa | ministeri ministerin ministerille | hinta hinnat hintojen | "
        "kaupunki kaupungin kaupungissa | sota sodan sodassa | tuomari tuomarin tuomarit | "
        "pankki pankin pankit | koulu koulun kouluissa | lääkäri lääkärin lääkärit | "
        "päättää päätti päättävät",
        "tuli tulli | laki lakki | mato matto | kisa kissa | pankki penkki"),
    _build_forms("hu",
        "Csak kedden este került a {} szó ennek az újságnak a címlapjára, és azóta sok olvasó "
        "megkérdezte tőlünk, hogy miért nem korábban.",
        "választás választások választást | miniszter miniszterek minisztert | ár árak árakat | "
        "város városok városban | háború háborúk háborúban | bíróság bíróságok bíróságon | "
        "bank bankok bankban | iskola iskolák iskolában | orvos orvosok orvosnak | "
        "bejelent bejelentett bejelentette",
        "kar kár | sor sör | párt part | tanár tanács | határ határozat"),
    _build_forms("ro",
        "Abia marți seara a apărut cuvântul {} pe prima pagină a acestui ziar, iar mulți "
        "cititori ne-au întrebat de atunci de ce nu mai devreme.",
        "alegere alegeri alegerile | ministru miniștri ministrului | preț prețuri prețurile | "
        "oraș orașe orașului | război războaie războiului | tribunal tribunale tribunalul | "
        "bancă bănci băncile | școală școli școlile | medic medici medicul | "
        "anunța anunțat anunțând",
        "casă caz | bancă banc | pat pată | lege legumă | muncă munte"),
    _build_forms("ru",
        "Только во вторник вечером слово {} появилось на первой полосе этого издания, и многие "
        "читатели с тех пор спрашивают нас, почему его не было раньше.",
        "выборы выборов выборах | министр министра министры | цена цены цен | "
        "город города городе | война войны войной | суд суда судом | банк банки банков | "
        "школа школы школе | врач врача врачи | объявить объявил объявила",
        "врач враг | цена сцена | порт портрет | страна сторона | банк банкет"),
    _build_forms("uk",
        "Лише у вівторок увечері слово {} з'явилося на першій шпальті цієї газети, і багато "
        "читачів відтоді питають нас, чому його не було раніше.",
        "вибори виборів виборах | міністр міністра міністри | ціна ціни ціною | "
        "місто міста місті | війна війни війною | суд суду судом | банк банки банків | "
        "школа школи школою | лікар лікаря лікарі | оголосити оголосив оголосила",
        "порт портрет | банк банкет | місто місце | суд судно | рада радар"),
    _build_forms("pl",
        "Dopiero we wtorek wieczorem słowo {} pojawiło się na pierwszej stronie tej gazety, a "
        "wielu czytelników od tego czasu pyta nas, dlaczego nie wcześniej.",
        "wybory wyborów wyborach | minister ministra ministrowie | cena ceny cen | "
        "miasto miasta miastach | wojna wojny wojną | sąd sądu sądy | bank banki banków | "
        "szkoła szkoły szkołą | lekarz lekarza lekarze | ogłosić ogłosił ogłosiła",
        "sąd sad | cena scena | wojna wojewoda | bank bankiet | kat kąt"),
    _build_forms("cs",
        "Teprve v úterý večer se slovo {} objevilo na titulní straně těchto novin a mnoho "
        "čtenářů se nás od té doby ptá, proč ne dříve.",
        "volby voleb volbách | ministr ministra ministři | cena ceny cenu | město města městě | "
        "válka války válkou | soud soudu soudy | banka banky bankou | škola školy školách | "
        "lékař lékaře lékařů | oznámit oznámil oznámila",
        "zákon zákop | škola škoda | pas pás | cena scéna | město místo"),
    _build_forms("tr",
        "Ancak salı akşamı {} kelimesi bu gazetenin ilk sayfasında yer aldı ve o günden beri "
        "birçok okuyucu bize bunun neden daha önce olmadığını soruyor.",
        "seçim seçimler seçimlerde | bakan bakanlar bakanın | fiyat fiyatlar fiyatları | "
        "şehir şehirler şehirde | savaş savaşlar savaşta | mahkeme mahkemeler mahkemede | "
        "banka bankalar bankanın | okul okullar okulda | açıklamak açıkladı açıkladılar | "
        "Ankara Ankara'da Ankara'nın",
        "kar kâr | bakan bakkal | halk hak | savaş savcı | kış kuş"),
    _build_forms("el",
        "Μόλις το βράδυ της Τρίτης η λέξη {} εμφανίστηκε στην πρώτη σελίδα αυτής της εφημερίδας "
        "και από τότε πολλοί αναγνώστες μας ρωτούν γιατί.",
        "εκλογή εκλογές εκλογών | υπουργός υπουργού υπουργοί | τιμή τιμές τιμών | "
        "πόλη πόλεις πόλης | πόλεμος πολέμου πόλεμοι | δικαστήριο δικαστήρια δικαστηρίου | "
        "τράπεζα τράπεζες τραπεζών | σχολείο σχολεία σχολείου | γιατρός γιατροί γιατρού | "
        "ανακοινώνει ανακοίνωσε ανακοινώσει",
        "νόμος νομός | τράπεζα τραπέζι | σχολείο σχόλιο | χώρα χώρος | τιμή τιμόνι"),
    _build_forms("ar",
        "لم تظهر كلمة {} على الصفحة الأولى من هذه الصحيفة إلا مساء يوم الثلاثاء، وقد سأل كثير من "
        "القراء منذ ذلك الحين عن السبب.",
        "انتخابات الانتخابات والانتخابات | وزير الوزير ووزير | أسعار الأسعار بأسعار | "
        "مدينة المدينة بالمدينة | حرب الحرب والحرب | محكمة المحكمة للمحكمة | شركة الشركة شركات | "
        "مدرسة المدرسة بالمدرسة | طبيب الطبيب طبيبة | أعلن أعلنت وأعلن",
        "حرب حزب | سعر شعر | مدينة مدنية | عمل عملة | قصف قصر"),
    _build_forms("fa",
        "تنها سه‌شنبه شب بود که واژه {} در صفحه نخست این روزنامه آمد و بسیاری از خوانندگان از ما "
        "پرسیده‌اند که چرا.",
        "وزیر وزیران | قیمت قیمت‌ها قیمت‌های | شهر شهرها شهرهای | جنگ جنگ‌ها جنگ‌های | "
        "دادگاه دادگاه‌ها دادگاهی | بانک بانک‌ها بانک‌های | مدرسه مدرسه‌ها مدرسه‌های | "
        "پزشک پزشکان | کارگر کارگران کارگرها | پذیرفت پذیرفتند پذیرفته",
        "شهر شعر | بانک بانگ | دولت دوست | کار کارد | زن زنگ"),
    _build_forms("he",
        "רק ביום שלישי בערב הופיעה המילה {} בעמוד הראשון של העיתון הזה, ומאז קוראים רבים שואלים "
        "אותנו מדוע היא לא הופיעה שם קודם.",
        "בחירות הבחירות בבחירות | שר השר שרים | מחיר מחירים המחירים | עיר העיר בעיר | "
        "מלחמה המלחמה במלחמה | שופט השופט שופטים | בנק הבנק בנקים | מורה המורה מורים | "
        "רופא הרופא רופאים | הודיע הודיעה הודיעו",
        "שר שיר | עיר עור | משטרה משטר | צבא צבע | מורה מורד"),
    _build_forms("hi",
        "मंगलवार की शाम को ही {} शब्द इस अख़बार के पहले पन्ने पर आया और कई पाठक हमसे पूछ रहे हैं "
        "कि क्यों।",
        "चुनाव चुनावों | मंत्री मंत्रियों | कीमत कीमतें कीमतों | शहर शहरों | "
        "अदालत अदालतें अदालतों | बैंक बैंकों | स्कूल स्कूलों | डॉक्टर डॉक्टरों | "
        "फ़ैसला फ़ैसले फ़ैसलों | लौटा लौटी लौटे",
        "शहर शहद | कीमत किस्मत | सेना सोना | दल दिल | जल जाल"),
    _build_forms("id",
        "Baru pada hari Selasa malam kata {} muncul di halaman depan surat kabar ini, dan banyak "
        "pembaca sejak itu bertanya kepada kami mengapa.",
        "memilih dipilih pilih | menteri menterinya | harga harganya | kota kotanya | "
        "menangkap ditangkap tangkap | memutuskan diputuskan putuskan | bank banknya | "
        "sekolah sekolahnya | dokter dokternya | mengumumkan diumumkan umumkan",
        "kota kotak | pasar pasir | perang pedang | menteri mentega | harga harta"),
    _build_forms("ca",
        "No va ser fins dimarts al vespre que la paraula {} va aparèixer a la portada d'aquest "
        "diari, i molts lectors ens pregunten per què.",
        "elecció eleccions l'elecció | ministre ministra ministres | preu preus | "
        "ciutat ciutats | guerra guerres | tribunal tribunals | banc bancs | "
        "escola escoles l'escola | metge metges | anunciar anunciat anunciaran",
        "casa cas | pes pis | port porta | plat plata | mode moda"),
    _build_forms("lt",
        "Tik antradienio vakarą žodis {} pasirodė pirmajame šio laikraščio puslapyje, ir daug "
        "skaitytojų nuo to laiko mūsų klausia, kodėl jo ten nebuvo anksčiau.",
        "rinkimai rinkimų rinkimuose | ministras ministro ministrai | kaina kainos kainų | "
        "miestas miesto miestuose | karas karo karui | teismas teismo teisme | "
        "bankas banko bankai | mokykla mokyklos mokykloje | gydytojas gydytojo gydytojai | "
        "paskelbti paskelbė paskelbta",
        "miestas miškas | karas karalius | bankas banga | mokykla mokestis | kaina kaimas"),
    _build_forms("et",
        "Alles teisipäeva õhtul ilmus sõna {} selle ajalehe esiküljele ja paljud lugejad on "
        "meilt sellest ajast peale küsinud, miks seda seal varem ei olnud.",
        "valimised valimiste valimistel | minister ministri ministrid | hind hinna hinnad | "
        "linn linna linnas | sõda sõja sõjas | kohtunik kohtuniku kohtunikud | "
        "pank panga pangad | kool kooli koolid | arst arsti arstid | "
        "otsustas otsustasid otsustanud",
        "linn lind | kool kook | pank pink | hind hing | arst arest"),
    _build_forms("eu",
        "Asteartea arte ez zen {} hitza egunkari honen lehen orrialdean agertu, eta orduz "
        "geroztik irakurle askok galdetu digute zergatik ez lehenago.",
        "hauteskunde hauteskundeak hauteskundeetan | ministro ministroa ministroak | "
        "prezio prezioa prezioak | hiri hiria hirian | gerra gerran gerrako | "
        "epaitegi epaitegia epaitegiak | banku bankua bankuak | eskola eskolan eskolak | "
        "mediku medikua medikuak | erabaki erabakitzen erabakiko",
        "hiri hari | eskola eskale | mendi mende | herri herio | etxe etsai"),
    _build_forms("ga",
        "Ní raibh an focal {} ar chéad leathanach an nuachtáin seo go dtí tráthnóna Dé Máirt, "
        "agus tá go leor léitheoirí ag fiafraí cén fáth.",
        "toghchán toghcháin | aire airí | praghas praghais phraghas | "
        "cathair chathair gcathair | cogadh cogaidh chogadh | cúirt cúirteanna chúirt | "
        "banc bainc bhanc | scoil scoile scoileanna | dochtúir dochtúirí ndochtúir | "
        "fógair fhógair d'fhógair",
        "cathair cathaoir | scoil scoilt | fear fearg | cogadh cogar | aire airgead"),
    _build_forms("hy",
        "Միայն երեքշաբթի երեկոյան {} բառը հայտնվեց այս թերթի առաջին էջում, և այդ ժամանակից ի վեր "
        "շատ ընթերցողներ մեզ գրում են դրա մասին։",
        "ընտրություն ընտրություններ ընտրությունների | նախարար նախարարը նախարարներ | "
        "գին գնի գներ | քաղաք քաղաքում քաղաքներ | պատերազմ պատերազմի պատերազմը | "
        "դատարան դատարանը դատարաններ | բանկ բանկի բանկեր | դպրոց դպրոցում դպրոցներ | "
        "բժիշկ բժիշկը բժիշկներ | հայտարարել հայտարարեց հայտարարեցին",
        "գին գինի | բանկ բանտ | հարց հարս | ձայն ձյուն | պատ պատկեր"),
    _build_forms("sr",
        "Тек у уторак увече појавила се реч {} на насловној страни овог листа, и многи читаоци "
        "нас од тада питају зашто је није било раније.",
        "избори избора изборима | министар министра министри | цена цене ценом | "
        "град града градови | рат рата ратови | суд суда судови | банка банке банкама | "
        "школа школе школама | лекар лекара лекари | објавити објавио објавила",
        "цена сцена | рат раст | суд судбина | банка банкет | школа шкољка"),
    _build_forms("ko",
        "화요일 저녁에 나온 이 신문의 첫 면에는 {} 한 단어만 크게 실렸고 그 뒤로 많은 독자가 그 "
        "까닭을 묻고 있다.",
        "선거 선거가 선거를 | 장관 장관은 장관이 | 가격 가격이 가격을 | 도시 도시에서 도시의 | "
        "전쟁 전쟁이 전쟁을 | 법원 법원은 법원에서 | 은행 은행은 은행이 | 학교 학교에서 학교는 | "
        "의사 의사가 의사들 | 발표했다 발표했으며 발표한",
        "의사 의자 | 도시 도시락 | 은행 은하 | 가격 가결 | 장관 장군"),
    _build_forms("ja",
        "火曜日の夕刊の一面には{}とだけ大きく書かれていて、それ以来、多くの読者がその理由を私たち"
        "に尋ねている。",
        "選挙 選挙が 選挙を | 首相 首相は 首相の | 価格 価格が 価格を | 都市 都市で 都市の | "
        "戦争 戦争が 戦争に | 裁判所 裁判所は 裁判所で | 銀行 銀行が 銀行の | "
        "学校 学校で 学校に | 医師 医師が 医師は | 発表 発表した 発表する",
        "首相 首都 | 銀行 銀河 | 都市 都合 | 選挙 選手 | 戦争 競争"),
    _build_forms("zh",
        "直到星期二晚上，{}这个词才出现在本报的头版上，从那以后许多读者都在问我们为什么没有早一点"
        "写。",
        "习近平 習近平 | 选举 選舉 | 总统 總統 | 价格 價格 | 经济 經濟 | 战争 戰爭 | 银行 銀行 | "
        "学校 學校 | 医生 醫生 | 决定 決定",
        "银行 银河 | 总统 总理 | 医生 学生 | 首都 首相 | 法院 医院"),
)  # fmt: skip
