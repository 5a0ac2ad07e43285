"""The lists of known organizations and their synonyms."""

from __future__ import annotations

from indexer.entities.gazetteer import parse_names, parse_synonyms

ORG_SYNONYMS = parse_synonyms("""
United Nations = U.N. = UN
European Union = EU = E.U.
Federal Reserve = Fed
International Monetary Fund = IMF
World Trade Organization = WTO
World Health Organization = WHO
International Atomic Energy Agency = IAEA
European Central Bank = ECB
Federal Bureau of Investigation = FBI
Central Intelligence Agency = CIA
National Security Agency = NSA
Securities and Exchange Commission = SEC
Food and Drug Administration = FDA
Environmental Protection Agency = EPA
Federal Aviation Administration = FAA
Federal Communications Commission = FCC
Federal Trade Commission = FTC
North Atlantic Treaty Organization = NATO = Nato
National Aeronautics and Space Administration = NASA = Nasa
Association of Southeast Asian Nations = ASEAN
Organization of the Petroleum Exporting Countries = OPEC
African National Congress = ANC
Palestine Liberation Organization = PLO
General Motors = GM
General Electric = GE
Associated Press = AP
Agence France-Presse = AFP
British Broadcasting Corporation = BBC
Wall Street Journal = WSJ
World Bank
""")

KNOWN_ORGS = (
    ORG_SYNONYMS.keys()
    | set(ORG_SYNONYMS.values())
    | parse_names("""
Pentagon, Reuters, World Bank, Kremlin, White House, Congress, Senate, Supreme Court
House of Representatives, House of Commons, House of Lords, Knesset, Bundestag, Duma, Interpol
Treasury, Eurogroup, Bundesbank, Opec, Asean, Hamas, Hezbollah, Taliban, Fatah, Al Qaeda, al Qaeda
Al-Qaeda, Islamic State, Mossad, Hizbollah, Boko Haram, Red Cross, Amnesty International
Human Rights Watch, Greenpeace, Oxfam, Unicef, UNICEF, UNESCO, UNHCR, FIFA, UEFA, NBA, NFL, MLB
NHL, Major League Baseball, Premier League, Scotland Yard, Wall Street Journal, Washington Post
New York Times, Financial Times, Guardian, Bloomberg, CNN, CBS, NBC, ABC News, MSNBC, NPR, Xinhua
Al Jazeera, Kyodo, Tass, Interfax, Facebook, Google, Twitter, Microsoft, Apple Inc, Amazon.com
IBM, Intel, Nokia, Samsung, Sony, Toyota, Honda, Nissan, Hyundai, Volkswagen, BMW, Daimler
Renault, Peugeot, Fiat, Chrysler, Ford Motor, Boeing, Airbus, Lockheed Martin, Siemens, Nestle
Unilever, Pfizer, Novartis, Roche, GlaxoSmithKline, AstraZeneca, Merck, Bayer, Walmart, Wal-Mart
Exxon Mobil, ExxonMobil, Chevron, Royal Dutch Shell, ConocoPhillips, Gazprom, Rosneft, Lukoil
Aramco, Petrobras, Goldman Sachs, Morgan Stanley, Merrill Lynch, Lehman Brothers, Bear Stearns
JPMorgan, JPMorgan Chase, JP Morgan, Citigroup, Citibank, Wells Fargo, Bank of America, Barclays
HSBC, UBS, Credit Suisse, Deutsche Bank, Commerzbank, BNP Paribas, Societe Generale, Santander
ING, AIG, BlackRock, Berkshire Hathaway, Charles Schwab, Fannie Mae, Freddie Mac, Moody's, Fitch
Standard & Poor's, S&P, Standard Chartered, McDonald's, Starbucks, Coca-Cola, PepsiCo, Nike
Adidas, Johnson & Johnson, Procter & Gamble, Philip Morris, AT&T, Verizon, Vodafone, T-Mobile
Comcast, Time Warner, Walt Disney, News Corp, Netflix, YouTube, Uber, Tesla, SpaceX, Alibaba
Tencent, Huawei, Yahoo, eBay, Hewlett-Packard, Dell, Oracle, Cisco, Nasdaq, NASDAQ, General Mills
General Dynamics, General Assembly, Thomson Reuters, Ernst & Young, KPMG, Deloitte
PricewaterhouseCoopers, DARPA, PKK, ETA, FARC, IRA, GOP, ACLU, AFL-CIO, USDA, CDC, NIH, DEA, FEMA
TSA, FDIC, NRC, NTSB, OECD, Bank of England, Harvard, Homeland Security, Air Force, Marine Corps
Coast Guard, Royal Navy, Secret Service, National Guard, Boeing Co, Liberal Democrats, Likud
Kadima, Sinn Fein, Tories, Tumblr, Instagram, WhatsApp, LinkedIn, Snapchat, TikTok, ByteDance
WeChat, Skype, Zoom, Spotify, Reddit, Pinterest, Airbnb, Lyft, PayPal, Stripe, Salesforce, Adobe
Nvidia, NVIDIA, AMD, Qualcomm, Broadcom, Micron, TSMC, Foxconn, Lenovo, Xiaomi, Panasonic, Toshiba
Hitachi, Sharp, Fujitsu, NEC, Canon, Nikon, Nintendo, Sega, Mazda, Mitsubishi, Suzuki, Subaru, Kia
Daewoo, Volvo, Saab, Scania, Porsche, Audi, Mercedes-Benz, Mercedes, Rolls-Royce, Ferrari
Stellantis, Opel, Vauxhall, Citroen, Michelin, Pirelli, Continental, Bosch, ThyssenKrupp
Thyssenkrupp, BASF, Allianz, Munich Re, Swiss Re, Zurich Insurance, Generali, AXA, Axa, Aviva
Prudential, MetLife, Aflac, Allstate, Geico, Shell, BP, TotalEnergies, Eni, ENI, Repsol, Statoil
Equinor, Sinopec, PetroChina, CNOOC, Pemex, PDVSA, Yukos, Sberbank, VTB, Halliburton, Schlumberger
Enron, Glencore, Xstrata, Rio Tinto, BHP, BHP Billiton, Anglo American, Vale, ArcelorMittal, Alcoa
Rusal, Nippon Steel, POSCO, Tata, Infosys, Wipro, Reliance Industries, Temasek, SoftBank, Softbank
Rakuten, Baidu, JD.com, Cathay Pacific, Qantas, Lufthansa, British Airways, Air France, KLM
Iberia, Ryanair, EasyJet, easyJet, Alitalia, Aeroflot, Emirates, Etihad, Delta Air Lines
United Airlines, American Airlines, Southwest Airlines, JetBlue, Continental Airlines
Northwest Airlines, FedEx, UPS, DHL, Maersk, Carrefour, Tesco, Sainsbury, Asda, Aldi, Lidl, Metro
Ikea, IKEA, H&M, Inditex, Zara, Gap, Macy's, Target, Costco, Home Depot, Best Buy, Sears, Kmart
Safeway, Kroger, Walgreens, CVS, Rite Aid, Danone, L'Oreal, LVMH, Hermes, Gucci, Prada, Burberry
Heineken, Carlsberg, InBev, Anheuser-Busch, SABMiller, Diageo, Pernod Ricard, Kraft, Cadbury, Mars
Hershey, Kellogg, Campbell Soup, Tyson Foods, Cargill, Bunge, Monsanto, Syngenta, DuPont
Dow Chemical, Eli Lilly, Amgen, Genentech, Gilead, Moderna, BioNTech, Biogen, Sanofi
Sanofi-Aventis, Bristol-Myers Squibb, Abbott, Medtronic, Theranos, Wyeth, Schering-Plough, Teva
Takeda, Caterpillar, Deere, Raytheon, Northrop Grumman, BAE Systems, EADS, Thales, Dassault
Saab AB, Bombardier, Embraer, Alstom, ABB, Philips, Ericsson, Alcatel, Alcatel-Lucent, Motorola
BlackBerry, Research In Motion, Nortel, Sprint, Nextel, Qwest, BellSouth, Telefonica
Deutsche Telekom, France Telecom, Orange, Telstra, NTT, NTT DoCoMo, KDDI, China Mobile, Dell Inc
HP, Xerox, Kodak, Viacom, Disney, Warner Bros, Paramount, Universal, Sony Pictures, Pixar
DreamWorks, HBO, ESPN, Fox News, Fox, BSkyB, Sky News, ITV, Channel 4, Der Spiegel, Le Monde
Le Figaro, El Pais, El Mundo, La Repubblica, Corriere della Sera, Pravda, Izvestia, Kommersant
Haaretz, Al Arabiya, Al-Jazeera, RIA Novosti, RIA, TASS, Itar-Tass, ITAR-TASS, Yonhap, DPA, ANSA
EFE, PTI, IRNA, Fars, KCNA, SANA, Politico, BuzzFeed, Vox, Axios, Breitbart, HuffPost
Huffington Post, Daily Beast, The Hill, New Yorker, Newsweek, Forbes, Fortune, Economist
Rolling Stone, USA Today, Los Angeles Times, Chicago Tribune, Boston Globe, Daily Mail
Daily Telegraph, Sunday Times, Daily Mirror, Nikkei, Asahi Shimbun, Yomiuri Shimbun
People's Daily, Global Times, Washington Times, New York Post, National Review, ProPublica
WikiLeaks, Wikipedia, Blackstone, Carlyle, KKR, Kohlberg Kravis Roberts, Cerberus, Bain Capital
TPG, Apollo, Citadel, Bridgewater, Fidelity, Vanguard, Pimco, PIMCO, State Street
American Express, Visa, MasterCard, Mastercard, Capital One, Wachovia, Washington Mutual
Countrywide, Northern Rock, Lloyds, RBS, Royal Bank of Scotland, NatWest, Nomura, Mizuho
Macquarie, Westpac, Scotiabank, UniCredit, Intesa Sanpaolo, BBVA, Dexia, Fortis, ABN AMRO
Rabobank, Nordea, Danske Bank, Credit Agricole, Credit Lyonnais, Natixis, Anglo Irish Bank
Bank of America Merrill Lynch, Euronext, NYSE, New York Stock Exchange, London Stock Exchange
Deutsche Boerse, CME, FTSE, Federal Open Market Committee, FOMC, Congressional Budget Office
Office of Management and Budget, Government Accountability Office, IRS, Internal Revenue Service
DHS, ICE, FBI, HUD, HHS, DOJ, DOE, FERC, CFTC, OSHA, NLRB, USAID
Centers for Disease Control and Prevention, National Institutes of Health, Justice Department
State Department, Treasury Department, Defense Department, Medicare, Medicaid, Social Security
Planned Parenthood, NRA, National Rifle Association, NAACP, AARP, AFSCME, SEIU, Teamsters
Black Lives Matter, Tea Party, Sierra Club, World Wildlife Fund, WWF, Save the Children
Doctors Without Borders, Medecins Sans Frontieres, Salvation Army, Ku Klux Klan, Freemasons
Federalist Society, Heritage Foundation, Brookings Institution, Cato Institute, Chatham House
RAND Corporation, Pew Research Center, Gallup, Quinnipiac, Ipsos, Nielsen, Stanford, Yale
Princeton, MIT, UCLA, Caltech, Oxford University, Cambridge University, Columbia University
Sorbonne, IOC, WADA, NCAA, FA, PGA, NASCAR, Nascar, Formula One, ATP, WTA, Manchester United
Manchester City, Liverpool FC, Arsenal, Chelsea, Tottenham Hotspur, Everton, Real Madrid, Juventus
Inter Milan, AC Milan, Bayern Munich, Borussia Dortmund, Ajax, Celtic, Galatasaray, Fenerbahce
Paris Saint-Germain, Yankees, Mets, Lakers, Cowboys, Patriots, Dodgers, Celtics, Knicks
Politburo, Kuomintang, Hamas, Hizbullah, Houthi, Houthis, ISIS, ISIL, Isis, IS, Daesh, Al Shabaab
al Shabaab, al-Shabaab, al-Qaida, al-Qaeda, Al-Qaida, Al Qaida, LTTE, Tamil Tigers, Hizb-ut-Tahrir
Muslim Brotherhood, Revolutionary Guards, Republican Guard, Stasi, KGB, FSB, GRU, SVR, MI5, MI6
GCHQ, ISI, RAW, BND, CSU, CDU, SPD, FDP, AfD, UKIP, SNP, DUP, BJP, ANC, PRI, PAN, PKK, AKP, PML-N
PPP, LDP, DPJ, ZANU-PF, Greens, Labour, Labour Party, Tory, Christian Democrats, Social Democrats
Senate Democrats, Roman Catholic Church, Catholic Church, Church of England, Holy See, Scientology
Mormon Church, Arab League, African Union, G7, G8, G20, G-7, G-8, G-20, OAS, OSCE, APEC, Mercosur
NAFTA, ECOWAS, FAO, WIPO, UNIDO, UNEP, UNFPA, UNAIDS, IFAD, WMO, ITU, GATT, EEC, EC, EFTA, Comecon
ANZUS, SADC, GCC, Gulf Cooperation Council, CARICOM, Commonwealth, ICC, International Criminal Court
International Court of Justice, ICRC, ILO, IOM, World Food Programme, UNHCR, UNDP, UNCTAD
Security Council, Human Rights Council
European Commission, European Parliament, European Council, European Court of Justice, Eurostat
Council of Europe, Europol, Frontex, ESM, EFSF, EBRD, EIB, ADB, AIIB, BIS, IEA, IATA, ICAO, IMO
NORAD, Norad, CENTCOM, Centcom, Army Corps of Engineers, West Point, Coast Guard, SpaceX
Roscosmos, Bank of Japan, Bank of Canada, Bank of Korea, Reserve Bank of India
Reserve Bank of Australia, People's Bank of China, Swiss National Bank, Riksbank, Norges Bank
Democratic Party, Republican Party, Democratic National Committee, Republican National Committee
DNC, RNC, NSC, House Republicans, Boy Scouts, Girl Scouts, YMCA, Rotary
American Medical Association, ABA, American Bar Association, Chamber of Commerce
Business Roundtable, Mayo Clinic, Kaiser Permanente, Kaiser Family Foundation, Gates Foundation
Clinton Foundation, Ford Foundation, Getty Images
""")
)
