"""Lists of words that show the kind of the capitalised words beside them."""

from __future__ import annotations

from indexer.entities.gazetteer import parse_names

# The last word of a place of two or more words: Iwoto Island.
PLACE_LAST_WORDS = parse_names("""
Island, Islands, River, City, County, Sea, Mountains, Mountain, Lake, Ocean, Bay, Strait, Peninsula
Province, Prefecture, Valley, Desert, Canal, Airport, Harbor, Harbour, Beach, Falls, Heights
Township, Park, Square, Coast, Canyon, Archipelago, Oblast, Delta, Street, Road, Avenue, Boulevard
Drive, Lane, Bridge, Tunnel, Stadium, Plaza, Palace, Highway, Turnpike, Heath, Hills, Springs, Basin
Plateau, Glacier, Reservoir, Dam, Territory, Territories, District, Region, Borough, Village, Estate
Cathedral, Mosque, Temple, Cemetery, Forest, Gardens, Reef, Volcano, Mall, Arena, Crossing, Junction
""")

# Those of them that are also surnames.
PLACE_WORDS_IN_SURNAMES = parse_names("""
Lane, Park, Heath, Forest, Temple, Lake, Street, Bridge, Village, Hills, Springs, Rivers, Beach
""")

# The first word of a place, before a capitalised word or `of`: Mount Fuji, Sea of Japan.
PLACE_FIRST_WORDS = parse_names("""
Lake, Mount, Mt., Cape, Fort, Port, San, Santa, Santo, Los, Las, Camp
""")

PLACE_FIRST_WORDS_BEFORE_OF = parse_names(
    "Gulf, Sea, Strait, Straits, Bay, Isle, Port, Province, Island, Cape"
)

# Before a known place, they are part of a place: North Tokyo.
DIRECTIONS = parse_names("""
North, South, East, West, Northern, Southern, Eastern, Western, Central, Greater, Upper, Lower
Northeast, Northwest, Southeast, Southwest, Mainland
""")

# The last word of an organization's name of two or more words.
COMPANY_SUFFIXES = parse_names("""
Inc, Corp, Co, Ltd, LLC, LLP, LP, PLC, Plc, plc, AG, SA, NV, SE, AB, SpA, GmbH, Bhd, Corporation
Company, Limited, Incorporated, Group, Holdings, Holding, Companies, & Co
""")

# Always the last word of a company's name.
FINAL_COMPANY_SUFFIXES = parse_names(
    "Inc, Corp, Co, Ltd, LLC, LLP, LP, PLC, Plc, plc, AG, SpA, GmbH, Bhd, SA, NV"
)

# Last words of a name that are not topics: Ministry, not Energy.
ORG_LAST_WORDS_NOT_TOPICS = COMPANY_SUFFIXES | parse_names("""
Ministry, Department, University, College, Institute, Party, Council, Committee, Agency, Bureau
Commission, Administration, Association, Federation, League, Court, Parliament, Assembly, Army, Navy
""")

# Alone, they refer to an organization that is named elsewhere, or are not names.
GENERIC_ORG_WORDS = parse_names("""
Ministry, Department, University, College, School, Institute, Party, Council, Committee, Agency
Bureau, Commission, Administration, Authority, Association, Federation, Union, League, Court
Company, Group, Board, Bank, Office, Service, Foundation, Fund, Club, Society, Center, Press
Securities, Management, Services, Insurance, Commerce, Force, Forces, Army, Navy
""")

ORG_LAST_WORDS = COMPANY_SUFFIXES | parse_names("""
Ministry, Department, University, College, School, Institute, Party, Council, Committee, Bank
Agency, Forces, Force, Bureau, Commission, Administration, Authority, Association, Federation, Union
League, Court, Parliament, Assembly, Congress, Senate, Army, Navy, Guard, Police, Service, Services
Foundation, Fund, Trust, Society, Organization, Organisation, Center, Centre, Hospital, Airlines
Airways, Motors, Motor, Partners, Capital, Securities, Insurance, Financial, Industries, Energy
Petroleum, Pharmaceuticals, Technologies, Systems, Electronics, Media, News, Times, Post, Tribune
Herald, Journal, Daily, Newspaper, Television, Entertainment, Studios, Records, Museum, Library
Church, Alliance, Coalition, Front, Movement, Brigade, Corps, Club, Board, Exchange, Office, Press
Laboratory, Laboratories, Network, Networks, Airline, Telecom, Resources, Investments, Management
Associates, Consulting, Advisors, Investors, Institutes, Universities, Colleges, Academy, Seminary
Chamber, Tribunal, Directorate, Secretariat, Ministries, Regiment, Battalion, Squadron, Division
Fleet, Battalions, Militia, Brotherhood, Guild, Confederation, Conference, Synod, Diocese
Archdiocese, Clinic, Orchestra, Philharmonic, Opera, Ballet, Theatre, Theater, Brothers, Sons
Bancorp, Bancshares, Bankshares, Mortgage, Savings, Markets, Brands, Foods, Stores, Pharma
Biotech, Therapeutics, Labs, Software, Semiconductor, Semiconductors, Solutions, Communications
Wireless, Telekom, Telecommunications, Cable, Broadcasting, Pictures, Films, Publishing, Books
Magazine, Gazette, Chronicle, Observer, Examiner, Globe, Inquirer, Register, Courier, Express, Mail
Radio, Steel, Mining, Metals, Chemical, Chemicals, Oil, Gas, Power, Electric, Utilities, Water
Railway, Railways, Railroad, Logistics, Shipping, Lines, Aviation, Aerospace, Automotive, Rubber
Tobacco, Breweries, Brewing, Beverage, Beverages, Restaurants, Hotels, Resorts, Properties, Realty
Estates, Builders, Homes, Construction, Engineering, Equity, Asset, Ventures, Hathaway, Lynch
Committees, Caucus, Subcommittee, Program, Programme, Initiative, Project, Campaign, Task, Team
United, Rovers, Wanderers, Athletic, Rangers, Yankees, Mets, Giants, Lakers, Cowboys, Patriots
Seminary, Senators, Blazers, Bulls, Celtics, Dodgers, Cubs, Bears, Packers, Steelers, Eagles, Jets
Tigers, Braves, Astros, Mariners, Padres, Phillies, Orioles, Raiders, Broncos, Chiefs, Colts
Dolphins, Falcons, Saints, Seahawks, Vikings, Redskins, Bengals, Browns, Ravens, Titans, Texans
Jaguars, Buccaneers, Panthers, Knicks, Nets, Spurs, Mavericks, Rockets, Warriors, Clippers, Suns
Bucks, Pistons, Pacers, Cavaliers, Raptors, Grizzlies, Penguins, Bruins, Canadiens, Canucks, Flyers
Sabres, Islanders, Blackhawks, Oilers, Twins, Royals, Marlins, Nationals, Brewers, Sox
""")

# The first word of a name with `of`, `for` or `on` after it: Bank of Japan.
ORG_FIRST_WORDS = parse_names("""
Ministry, Department, University, College, School, Institute, Party, Council, Committee, Bank
Agency, Bureau, Commission, Administration, Authority, Association, Federation, Union, League, Court
Parliament, Assembly, Church, Center, Centre, Office, Organization, Organisation, Foundation
Society, Board, Confederation, Museum, Alliance, Movement, Front, Academy, Institutes, Comptroller
Division, Directorate, Secretariat, Friends, Daughters, Knights, Archdiocese, Diocese, Conference
Congress, Chamber, Council, Centers, Hospital, Guild, Brotherhood, Network, Coalition, Group
Campaign, Citizens, Doctors, Reporters, Students, Mothers, Physicians, Parents, Veterans, Employers
Socialists, Journal, Faculty, House, Women, Americans, Bureau, Organisation, Commissioners, Clinic
Scientists, Workers, Christians, Jews, Campus, Fund, Register, Trustees, Governors
""")

# Words that may follow `and` within an organization's name: Health and Human Services.
TOPIC_WORDS = parse_names("""
Human, Services, Urban, Development, Budget, Industry, Trade, Technology, Firearms, Explosives
Welfare, Labour, Labor, Sports, Culture, Fisheries, Forestry, Tourism, Housing, Science, Sciences
Exchange, Drug, Immigration, Communications, Infrastructure, Transport, Environment, Energy
Cooperation, Security, International, Strategic, Economic, Prevention, Medical, Commerce, Research
""")

TITLES = parse_names("""
President, Minister, Secretary, Chancellor, Premier, Senator, Congressman, Congresswoman, Governor
Representative, Mayor, Ambassador, Commissioner, Chairman, Chairwoman, Chief, Executive, CEO, CFO
COO, Professor, Doctor, Mr, Mrs, Ms, Miss, Dr, Sir, Lord, Lady, Dame, Imam, Rabbi, Bishop
Archbishop, Cardinal, Pope, Prince, Princess, King, Queen, Emperor, Sheikh, Sheik, Ayatollah
Colonel, Captain, Admiral, General, Lieutenant, Sergeant, Officer, Detective, Sheriff, Inspector
Speaker, Leader, Director, Attorney, Envoy, Spokesman, Spokeswoman, Judge, Justice, Coach, Mr., Mrs.
Ms., Dr., Sen., Rep., Gov., Gen., Lt., Col., Sgt., Capt., Rev., Prof., Pres., Adm., Maj., Economist
Analyst, Manager, Crown Prince, Dictator, Reverend, Congressmen, Undersecretary, Secretary-General
Director-General, Commander, Marshal, Taoiseach, Vice-President, Senators, Whip, Counsel, Adviser
Advisor, Author, Correspondent, Reporter, Editor, Photographer, Co-founder, Founder, Chairperson
Presidents, Ministers, Nominee, Candidate, Pastor, Prosecutor, Lawyer, President-elect, Strategist
Spokesperson, Father, Sister, Actor, Actress, Singer, Trader, Trustee, Treasurer, Superintendent
Vice-Chairman, Co-chairman, Chair, Chairs, Governors, Reps., Sens., Messrs, Messrs., Hon., Fr., Sgt
Lt, Col, Capt, Rev, Prof, Sen, Rep, Gov, Maj, Adm, Cmdr, Cmdr., Cpl, Cpl., Pvt., Supt., Insp.
Det., Atty., Madam, Mme, Monsignor, Sultan, Emir, Shah, Tsar, Czar, Duke, Duchess, Baron, Baroness
Count, Countess, Brigadier, Corporal, Private, Trooper, Constable, Caliph, Mullah, Premier-designate
""")

# Words that precede a name but are not part of it, as before any noun.
LEADING_WORDS = parse_names("""
Former, Senior, Top, Probably, Added, Incoming, Outgoing, Fellow, Veteran, Longtime, Billionaire
Via, Photo, Image, Watch, Meet, Ex, Then, Wrote, Told, Asked, Citing, Aboard, Picture
Contact, Email, Call, Visit, Read, Republican-controlled, Ousted, Disgraced, Embattled, Nobel
""")

# Words that belong to a title, before it or after its `of`: Prime, Defense, of State.
TITLE_WORDS = parse_names("""
Prime, Vice, Deputy, Former, Ex, Acting, Assistant, Senior, First, Defense, Defence, Foreign
Finance, Interior, Home, Justice, Energy, Trade, Health, Treasury, State, Press, Economy
Education, Labor, Labour, Environment, Agriculture, Transport, Transportation, Commerce, Oil
Information, Cabinet, House, Senate, Majority, Minority, Opposition, Party, Police, Army, Navy
National, Security, Affairs, Federal, District, Supreme, Court, Managing, Associate, Major
Lieutenant, Brigadier, Homeland, Intelligence, Crown, Staff, Planning, Communications, Industry
Culture, Science, Development, War, Co, Financial, Operating, Investment, Marketing, Technology
""")

# Words that are capitalised for other reasons than being part of a name.
COMMON_WORDS = parse_names("""
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
Ramadan, Olympic, Olympics, Games, Cup, Open, Day, Week, Month, Year, Monday
Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, January, February, March, April, May, June
July, August, September, October, November, December, Mon, Tue, Wed, Thu, Fri, Sat, Jan, Feb
Mar, Apr, Jun, Jul, Aug, Sept, Sep, Oct, Nov, Dec, EST, EDT, GMT, ET, PT, DVD, TV, PM, AM, OK, Per
I'm, I’m, I've, I’ve, I'll, I’ll, I'd, I’d, We're, We’re, We've, We’ve, We'll, We’ll, They're
They’re, You're, You’re, Don't, Don’t, Didn't, Didn’t, Can't, Can’t, Isn't, Isn’t, It'll, He'd
""")

# Those of them that may be within a name that ends with an organization word.
COMMON_WORDS_WITHIN_ORGS = parse_names(
    "World, Open, Police, People, War, Olympic, Internet, Web, First, Day, Three, One"
)

# Names whose possessive is part of them.
POSSESSIVE_NAMES = parse_names("""
Children's, Women's, Men's, People's, Workers', Veterans', Farmers', Teachers', Writers', Lloyd's
Moody's, Poor's, Macy's, Kohl's, Lowe's, Wendy's, Denny's, Sotheby's, Christie's, Sainsbury's
Levi's, Dick's, Carl's, Trader Joe's, King's, Queen's, Player's, Players', Reader's, Boys', Girls'
""")

# Ordinary words that are the first words of names of companies and towns.
ORDINARY_FIRST_WORDS = parse_names("""
Air, Bank, Virgin, Team, Radio, Telecom, Royal, New, North, South, East, West, Northern, Southern
Eastern, Western, Central, Greater, Upper, Lower, Saint, St., Fort, Port, Lake, Mount, Great, Grand
Old, Little, Big, National, American, British, French, German, Japan, General, United, First
International, Universal, Standard, Deutsche, Banco, Bay, Cape, Camp, Fox, Sky, Le, La, Los
Las, El, Grupo, House, Senate
""")

# Small words within names: JOINING_WORDS in organizations and places, PARTICLES in people.
JOINING_WORDS = parse_names("of, for, on, and, the")

PARTICLES = parse_names("""
de, la, de la, du, da, dos, del, der, den, di, van, van der, van den, von, von der, bin, ibn, al, el
ul, ur
""")

INNER_WORDS = JOINING_WORDS | PARTICLES | {"&"}

# Small words whose capitals within a span show that it is a headline.
HEADLINE_SMALL_WORDS = parse_names("""
At, In, On, To, For, With, As, Of, Over, By, After, From, The, And, Amid, Into, Is, Are, Its
""")
