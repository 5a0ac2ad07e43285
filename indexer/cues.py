"""Words that tell what the capitalised words beside them are."""

from __future__ import annotations

from indexer.gazetteer import names

# A capitalised word and then one of these is a place: Iwoto Island.
PLACE_TAILS = names("""
Island, Islands, River, City, County, Sea, Mountains, Mountain, Lake, Ocean, Bay, Strait, Peninsula
Province, Prefecture, Valley, Desert, Canal, Airport, Harbor, Harbour, Beach, Falls, Heights
Township, Park, Square, Coast, Canyon, Archipelago, Oblast, Delta
""")

# These and then a capitalised word: Mount Fuji, Sea of Japan.
PLACE_HEADS = names("""
Lake, Mount, Mt., Cape, Fort, Port, San, Santa, Santo, Los, Las, Camp
""")

PLACE_HEADS_OF = names("Gulf, Sea, Strait, Straits, Bay, Isle, Port, Province, Island, Cape")

# A known place with one of these before it is a place too.
DIRECTIONS = names("""
North, South, East, West, Northern, Southern, Eastern, Western, Central, Greater, Upper, Lower
Northeast, Northwest, Southeast, Southwest, Mainland
""")

# The last word of an organization's name of two or more words.
COMPANY_TAILS = names("""
Inc, Corp, Co, Ltd, LLC, LLP, LP, PLC, Plc, plc, AG, SA, NV, SE, AB, SpA, GmbH, Bhd, Corporation
Company, Limited, Incorporated, Group, Holdings, Holding, Companies, & Co
""")

ORG_TAILS = COMPANY_TAILS | names("""
Ministry, Department, University, College, School, Institute, Party, Council, Committee, Bank
Agency, Forces, Force, Bureau, Commission, Administration, Authority, Association, Federation, Union
League, Court, Parliament, Assembly, Congress, Senate, Army, Navy, Guard, Police, Service, Services
Foundation, Fund, Trust, Society, Organization, Organisation, Center, Centre, Hospital, Airlines
Airways, Motors, Motor, Partners, Capital, Securities, Insurance, Financial, Industries, Energy
Petroleum, Pharmaceuticals, Technologies, Systems, Electronics, Media, News, Times, Post, Tribune
Herald, Journal, Daily, Newspaper, Television, Entertainment, Studios, Records, Museum, Library
Church, Alliance, Coalition, Front, Movement, Brigade, Corps, Club, Board, Exchange, Office, Press
Laboratory, Laboratories, Network, Networks, Airline, Telecom, Resources, Investments, Management
Associates, Consulting, Advisors, Investors
""")

# The first word of a name with `of`, `for` or `on` after it: Bank of Japan.
ORG_HEADS = names("""
Ministry, Department, University, College, School, Institute, Party, Council, Committee, Bank
Agency, Bureau, Commission, Administration, Authority, Association, Federation, Union, League, Court
Parliament, Assembly, Church, Center, Centre, Office, Organization, Organisation, Foundation
Society, Board, Confederation, Museum, Alliance, Movement, Front, Academy
""")

# What may follow `and` within an organization's name: Health and Human Services.
TOPICS = names("""
Human, Services, Urban, Development, Budget, Industry, Trade, Technology, Firearms, Explosives
Welfare, Labour, Labor, Sports, Culture, Fisheries, Forestry, Tourism, Housing, Science, Sciences
Exchange, Drug, Immigration, Communications, Infrastructure, Transport, Environment, Energy
Cooperation, Security, International, Strategic, Economic, Prevention, Medical, Commerce, Research
""")

TITLES = names("""
President, Minister, Secretary, Chancellor, Premier, Senator, Congressman, Congresswoman, Governor
Representative, Mayor, Ambassador, Commissioner, Chairman, Chairwoman, Chief, Executive, CEO, CFO
COO, Professor, Doctor, Mr, Mrs, Ms, Miss, Dr, Sir, Lord, Lady, Dame, Imam, Rabbi, Bishop
Archbishop, Cardinal, Pope, Prince, Princess, King, Queen, Emperor, Sheikh, Sheik, Ayatollah
Colonel, Captain, Admiral, General, Lieutenant, Sergeant, Officer, Detective, Sheriff, Inspector
Speaker, Leader, Director, Attorney, Envoy, Spokesman, Spokeswoman, Judge, Justice, Coach, Mr., Mrs.
Ms., Dr., Sen., Rep., Gov., Gen., Lt., Col., Sgt., Capt., Rev., Prof., Pres., Adm., Maj., Economist
Analyst, Manager, Crown Prince, Dictator, Reverend, Congressmen, Undersecretary, Secretary-General
Director-General, Commander, Marshal, Taoiseach, Vice-President
""")

# Words that go with a title, before it or after its `of`: Prime, Defense, of State.
TITLE_WORDS = names("""
Prime, Vice, Deputy, Former, Ex, Acting, Assistant, Senior, First, Defense, Defence, Foreign
Finance, Interior, Home, Justice, Energy, Trade, Health, Treasury, State, Press, Economy, Education
Labor, Labour, Environment, Agriculture, Transport, Transportation, Commerce, Oil, Information
Cabinet, House, Senate, Majority, Minority, Opposition, Party, Police, Army, Navy, National
Security, Affairs, Federal, District, Supreme, Court, Managing, Associate, Major, Lieutenant
Brigadier, Homeland, Intelligence, Crown, Planning, Communications, Industry, Culture, Science
Development, War, Co, Financial, Operating, Investment, Marketing, Technology
""")

# Words that are capitalised for another reason than being part of a name.
COMMON = names("""
A, About, Above, According, Across, Actually, Additionally, After, Afterwards, Again, Against, All
Almost, Along, Already, Also, Although, Among, An, And, Another, Any, Anyone, Are, Around, As, Asked
At, Back, Based, Because, Before, Besides, Between, Both, But, By, Can, Compared, Could, Despite
Did, Do, Does, During, Each, Earlier, Editing, Either, Even, Every, Everyone, Exactly, Except, Few
Finally, For, From, Further, Furthermore, Given, Had, Has, Have, Having, He, Hence, Her, Here, His
How, However, I, If, In, Including, Indeed, Instead, Into, Is, It, Its, Just, Last, Late, Later
Least, Let, Like, Likewise, Many, Maybe, Meanwhile, More, Moreover, Most, Much, My, Nearly, Neither
Never, Nevertheless, Next, No, None, Nor, Not, Nothing, Notably, Now, Of, Off, Often, On, Once, One
Only, Or, Other, Others, Otherwise, Our, Out, Outside, Over, Perhaps, Please, Previously, Recent
Recently, Reporting, Additional, Writing, Said, Same, Says, Several, She, Should, Similarly, Since
So, Some, Someone, Sometimes, Soon, Still, Such, Than, That, The, Their, Then, There, Therefore
These, They, This, Those, Though, Three, Through, Throughout, Thus, To, Today, Together, Tomorrow
Too, Toward, Two, Under, Unless, Unlike, Until, Up, Upon, Us, Was, We, Well, Were, What, When, Where
Whether, Which, While, Who, Whose, Why, With, Within, Without, Would, Yes, Yesterday, Yet, You, Your
Four, Five, Six, Seven, Eight, Nine, Ten, Inside, Following, Overall, Separately, Shares, Analysts
Sources, Officials, Police, People, World, War, Battle, Internet, Web, God, Christmas, Easter
Ramadan, Olympic, Olympics, Games, Cup, Open, Day, Week, Month, Year, Street, Road, Avenue, Monday
Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, January, February, March, April, May, June
July, August, September, October, November, December, Mon, Tue, Wed, Thu, Fri, Sat, Sun, Jan, Feb
Mar, Apr, Jun, Jul, Aug, Sept, Sep, Oct, Nov, Dec, EST, EDT, GMT, ET, PT, DVD, TV, PM, AM, OK
""")

# Small words within names: of organizations and places, and of people.
JOINERS = names("of, for, on, and, the")

PARTICLES = names("""
de, la, de la, du, da, dos, del, der, den, di, van, van der, van den, von, von der, bin, ibn, al, el
ul, ur
""")

INNER = JOINERS | PARTICLES | {"&"}

# In capitals within a span, these are of a headline.
SMALL = names("""
At, In, On, To, For, With, As, Of, Over, By, After, From, The, And, Amid, Into, Is, Are, Its
""")
