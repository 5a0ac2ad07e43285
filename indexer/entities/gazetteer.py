"""The lists of known names: countries, towns, nationalities, given names."""

from __future__ import annotations

import re


def parse_names(text: str) -> frozenset[str]:
    """Parse a list whose items are separated by commas and line ends."""
    return frozenset(name.strip() for name in re.split(r"[,\n]", text) if name.strip())


def parse_synonyms(text: str) -> dict[str, str]:
    """Parse lines of `first = other = other`, and map each other name to the first."""
    lines = [[name.strip() for name in line.split("=")] for line in text.splitlines() if line]
    return {other: first for first, *others in lines for other in others}


# Synonyms of places, mapped to their canonical names.
PLACE_SYNONYMS = parse_synonyms("""
United States = U.S. = US = U.S.A. = USA = United States of America = America
United Kingdom = U.K. = UK = Britain = Great Britain
United Arab Emirates = UAE = U.A.E.
New York City = New York
Russia = Russian Federation
Myanmar = Burma
Ivory Coast = Cote d'Ivoire
Czech Republic = Czechia
Kyiv = Kiev
Washington = Washington D.C. = Washington DC
Democratic Republic of Congo = DRC = DR Congo
Turkey = Türkiye
Mumbai = Bombay
""")

COUNTRIES = (
    parse_names("""
Afghanistan, Albania, Algeria, Andorra, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan
Bahamas, Bahrain, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin, Bhutan, Bolivia, Bosnia
Bosnia and Herzegovina, Botswana, Brazil, Brunei, Bulgaria, Burkina Faso, Burundi, Cambodia
Cameroon, Canada, Cape Verde, Central African Republic, Chad, Chile, China, Colombia, Comoros, Congo
Costa Rica, Croatia, Cuba, Cyprus, Denmark, Djibouti, Dominican Republic, Ecuador, Egypt
El Salvador, Equatorial Guinea, Eritrea, Estonia, Eswatini, Ethiopia, Fiji, Finland, France, Gabon
Gambia, Georgia, Germany, Ghana, Greece, Greenland, Grenada, Guatemala, Guinea, Guinea-Bissau
Guyana, Haiti, Honduras, Hong Kong, Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel
Italy, Jamaica, Japan, Jordan, Kazakhstan, Kenya, Kiribati, Kosovo, Kuwait, Kyrgyzstan, Laos, Latvia
Lebanon, Lesotho, Liberia, Libya, Liechtenstein, Lithuania, Luxembourg, Macau, Macedonia, Madagascar
Malawi, Malaysia, Maldives, Mali, Malta, Marshall Islands, Mauritania, Mauritius, Mexico, Micronesia
Moldova, Monaco, Mongolia, Montenegro, Morocco, Mozambique, Namibia, Nauru, Nepal, Netherlands
New Zealand, Nicaragua, Niger, Nigeria, North Korea, North Macedonia, Northern Ireland, Norway, Oman
Pakistan, Palau, Panama, Papua New Guinea, Paraguay, Peru, Philippines, Poland, Portugal
Puerto Rico, Qatar, Republic of Congo, Romania, Rwanda, Samoa, San Marino, Saudi Arabia, Scotland
Senegal, Serbia, Seychelles, Sierra Leone, Singapore, Slovakia, Slovenia, Solomon Islands, Somalia
South Africa, South Korea, South Sudan, Soviet Union, Spain, Sri Lanka, Sudan, Suriname, Sweden
Switzerland, Syria, Taiwan, Tajikistan, Tanzania, Thailand, Togo, Tonga, Trinidad and Tobago
Tunisia, Turkmenistan, Tuvalu, Uganda, Ukraine, Uruguay, Uzbekistan, Vanuatu, Vatican, Venezuela
Vietnam, Wales, West Germany, East Germany, Yemen, Yugoslavia, Zambia, Zimbabwe, England, Alabama
Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Hawaii, Idaho
Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan
Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico
North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina
South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, West Virginia, Wisconsin, Wyoming
""")
    | PLACE_SYNONYMS.keys() - {"New York", "Bombay", "Kiev"}
    | set(PLACE_SYNONYMS.values()) - {"New York City", "Mumbai", "Kyiv", "Washington"}
)

PLACES = (
    COUNTRIES
    | PLACE_SYNONYMS.keys()
    | set(PLACE_SYNONYMS.values())
    | parse_names("""
Abidjan, Abu Dhabi, Abuja, Accra, Addis Ababa, Ahmedabad, Aleppo, Algiers, Alexandria, Almaty, Amman
Amsterdam, Ankara, Antananarivo, Antwerp, Asmara, Astana, Asuncion, Athens, Atlanta, Auckland
Austin, Baghdad, Baku, Bali, Baltimore, Bamako, Bandung, Bangalore, Bangkok, Bangui, Banjul
Barcelona, Basra, Beijing, Beirut, Belfast, Belgrade, Belo Horizonte, Benghazi, Berlin, Bern, Bilbao
Birmingham, Bishkek, Bogota, Bogotá, Bologna, Bonn, Bordeaux, Boston, Brasilia, Bratislava
Brazzaville, Brisbane, Bristol, Brooklyn, Brussels, Bucharest, Budapest, Buenos Aires, Buffalo
Bujumbura, Busan, Cairo, Calcutta, Calgary, Cali, Canberra, Cape Town, Caracas, Cardiff, Casablanca
Charlotte, Chechnya, Chengdu, Chennai, Chicago, Chisinau, Chongqing, Christchurch, Cincinnati
Cleveland, Cologne, Colombo, Columbus, Conakry, Copenhagen, Cordoba, Crimea, Dakar, Dalian, Dallas
Damascus, Dar es Salaam, Darfur, Darwin, Davos, Delhi, Denver, Detroit, Dhaka, Dili, Doha, Donetsk
Dresden, Dubai, Dublin, Durban, Dushanbe, Dusseldorf, Düsseldorf, Edinburgh, Edmonton, Entebbe
Essen, Fallujah, Florence, Fort Worth, Frankfurt, Freetown, Fukuoka, Fukushima, Gaborone, Gaza
Gaza City, Gaza Strip, Geneva, Genoa, Glasgow, Gothenburg, Grozny, Guadalajara, Guam, Guangdong
Guangzhou, Guantanamo Bay, Guatemala City, Guayaquil, Gujarat, Hague, The Hague, Haifa, Halifax
Hamburg, Hangzhou, Hanoi, Harare, Harbin, Havana, Hebron, Helsinki, Hiroshima, Ho Chi Minh City
Hokkaido, Homs, Honolulu, Houston, Hyderabad, Indianapolis, Islamabad, Istanbul, Izmir, Jacksonville
Iwo Jima, Jakarta, Java, Jeddah, Jerusalem, Johannesburg, Juba, Kabul, Kaduna, Kampala, Kandahar
Kansas City, Karachi, Kashmir, Kathmandu, Kazan, Kharkiv, Khartoum, Kherson, Kigali, Kingston
Kinshasa, Kobe
Kolkata, Krakow, Kuala Lumpur, Kunming, Kuwait City, Kyoto, La Paz, Lagos, Lahore, Las Vegas
Lausanne, Leeds, Leipzig, Libreville, Lilongwe, Lima, Lisbon, Liverpool, Ljubljana, London
Los Angeles, Louisville, Luanda, Lusaka, Luxembourg City, Lviv, Lyon, Madrid, Malmo, Managua, Manama
Manchester, Manhattan, Manila, Maputo, Mariupol, Marseille, Mecca, Medellin, Melbourne, Memphis
Mexico City, Miami, Milan, Milwaukee, Minneapolis, Minsk, Mogadishu, Mombasa, Monrovia, Monterrey
Montevideo, Montreal, Moscow, Mosul, Mumbai, Munich, Muscat, Nagasaki, Nagoya, Nairobi, Nanjing
Naples, Nashville, Nassau, New Delhi, New Orleans, New South Wales, Newark, Newcastle, Niamey
Nicosia, Nouakchott, Oakland, Odessa, Odesa, Okinawa, Oklahoma City, Omaha, Ontario, Orlando, Osaka
Oslo, Ottawa, Oxford, Panama City, Paris, Perth, Peshawar, Philadelphia, Phnom Penh, Phoenix
Pittsburgh, Port Moresby, Port-au-Prince, Portland, Porto, Prague, Pretoria, Pristina, Punjab
Pyongyang, Quebec, Quebec City, Queens, Queensland, Quetta, Quito, Rabat, Raleigh, Ramallah, Raqqa
Rawalpindi, Reykjavik, Riga, Rio de Janeiro, Riyadh, Rome, Rotterdam, Sacramento, Saint Petersburg
Salt Lake City, Salvador, San Antonio, San Diego, San Francisco, San Jose, San Juan, San Salvador
Sanaa, Santiago, Santo Domingo, Sao Paulo, São Paulo, Sapporo, Sarajevo, Seattle, Seoul, Sevastopol
Seville, Shanghai, Sheffield, Shenyang, Shenzhen, Sichuan, Silicon Valley, Sinai, Skopje, Sofia
Srebrenica, St. Louis, St. Petersburg, Stockholm, Strasbourg, Stuttgart, Sumatra, Surabaya, Suva
Sydney, Taipei, Tallinn, Tampa, Tashkent, Tbilisi, Tegucigalpa, Tehran, Tel Aviv, Thessaloniki
Tianjin, Tibet, Tijuana, Tikrit, Timbuktu, Tirana, Tokyo, Toronto, Toulouse, Tripoli, Tucson, Tulsa
Tunis, Turin, Ulan Bator, Ulaanbaatar, Vancouver, Venice, Vienna, Vientiane, Vilnius, Vladivostok
Warsaw, Wellington, West Bank, Windhoek, Winnipeg, Wuhan, Xi'an, Xinjiang, Yangon, Yaounde
Yekaterinburg, Yerevan, Yokohama, Zagreb, Zaporizhzhia, Zurich, Capitol Hill, Beverly Hills, Bronx
Staten Island, Hollywood, Middle East, Europe, Africa, Asia, Latin America, North America
South America, Central America, Central Asia, Southeast Asia, Balkans, Caucasus, Caribbean
Scandinavia, Siberia, Antarctica, Arctic, Mediterranean, Persian Gulf, Golan Heights, Sahara
Himalayas, Alps, Andes, Korean Peninsula, Gulf Coast, Donbas, Kurdistan, Catalonia, Bavaria, Sicily
Corsica, Crete, Bermuda, Gibraltar, Cayman Islands, Falkland Islands
""")
)

DEMONYMS = parse_names("""
Afghan, African, Albanian, Algerian, American, Arab, Argentine, Asian, Australian, Austrian
Bangladeshi, Belarusian, Belgian, Brazilian, British, Bulgarian, Cambodian, Canadian, Chilean
Chinese, Colombian, Croatian, Cuban, Czech, Danish, Dutch, Egyptian, English, Estonian, Ethiopian
European, Filipino, Finnish, French, Georgian, German, Ghanaian, Greek, Haitian, Hungarian, Indian
Indonesian, Iranian, Iraqi, Irish, Israeli, Italian, Japanese, Jordanian, Kenyan, Korean, Kurdish
Kuwaiti, Latvian, Lebanese, Libyan, Lithuanian, Malaysian, Mexican, Moroccan, Nepalese, Nigerian
North Korean, Norwegian, Pakistani, Palestinian, Peruvian, Philippine, Polish, Portuguese, Qatari
Republican, Democratic, Romanian, Russian, Saudi, Scottish, Serbian, Singaporean, Slovak
Slovenian, Somali, South African, South Korean, Soviet, Spanish, Sri Lankan, Sudanese, Swedish
Swiss, Syrian, Taiwanese, Thai, Tunisian, Turkish, Ugandan, Ukrainian, Venezuelan, Vietnamese
Welsh, Yemeni, Zimbabwean, Conservative, Liberal, Californian, Texan, Muslim, Muslims, Jewish
Sunni, Shiite, Shi'ite, Hindu, Buddhist, Arab, Arabs, Kurds, Islamist, Marxist, Democrat
Democrats, Republicans
""")

# Places and organizations whose name is also their adjective.
ADJECTIVAL_PLACES = parse_names("U.S., US, U.K., UK, EU, U.N., UN")

# Abbreviations of states that are rarely anything else.
STATE_ABBREVIATIONS = parse_names("""
Ala, Ariz, Ark, Calif, Colo, Conn, Del, Fla, Ga, Ill, Ind, Kan, Ky, La, Md, Mass, Mich, Minn, Miss
Mo, Mont, Neb, Nev, N.H., N.J., N.M., N.Y., N.C., N.D., Okla, Ore, Pa, R.I., S.C., S.D., Tenn, Tex
Vt, Va, Wash, W.Va., Wis, Wyo, D.C.
""")

GIVEN_NAMES = parse_names("""
Aaron, Abdel, Abdul, Abdullah, Abraham, Adam, Adrian, Ahmad, Ahmed, Akira, Alain, Alan, Albert
Alberto, Aleksandr, Alex, Alexander, Alexandra, Alexei, Alexis, Alfred, Ali, Alice, Alison, Allan
Allen, Alvaro, Amanda, Amir, Amy, Ana, Anders, Andre, Andrea, Andreas, Andrei, Andrew, Andy, Angela
Anita, Ann, Anna, Anne, Annette, Anthony, Antonio, António, Arnold, Arthur, Asif, Barack, Barbara
Barry, Bashar, Ben, Benjamin, Bernard, Bernie, Beth, Betty, Bill, Bob, Bobby, Boris, Brad, Brandon
Brenda, Brian, Bruce, Bryan, Carl, Carla, Carlos, Carmen, Carol, Caroline, Catherine, Charles
Charlie, Chris, Christian, Christina, Christine, Christophe, Christopher, Chuck, Cindy, Claire
Claude, Claudia, Colin, Condoleezza, Craig, Cristina, Cynthia, Dan, Daniel, Daniela, Darren, Dave
David, Dean, Deborah, Denis, Dennis, Diana, Diane, Dick, Diego, Dilma, Dimitris, Dmitry, Dominic
Dominique, Don, Donald, Donna, Doug, Douglas, Duncan, Ed, Eddie, Edgar, Eduardo, Edward, Ehud, Elena
Eli, Elizabeth, Ellen, Emily, Emma, Emmanuel, Enrique, Eric, Erik, Ernesto, Eugene, Eva, Evan
Fatima, Felipe, Felix, Fernando, Fidel, Francesco, Francis, Francisco, Franck, Francois, François
Frank, Franz, Fred, Frederic, Gabriel, Gareth, Gary, Geoff, Geoffrey, George, Georges, Gerald
Gerard, Gerhard, Gilbert, Gina, Giorgio, Giovanni, Giuseppe, Glenn, Gordon, Graham, Greg, Gregory
Guillermo, Gustavo, Guy, Hamid, Hank, Hans, Harold, Harry, Hasan, Hassan, Heather, Heidi, Helen
Helmut, Henri, Henrik, Henry, Herbert, Herman, Hilary, Hillary, Hiroshi, Hosni, Howard, Hugh, Hugo
Ian, Ibrahim, Igor, Ilya, Imran, Ingrid, Irene, Isabel, Ivan, Jack, Jackie, Jacob, Jacques, Jake
James, Jamie, Jan, Jane, Janet, Jared, Jason, Javier, Jay, Jean, Jean-Claude, Jean-Marie, Jeb, Jeff
Jeffrey, Jennifer, Jens, Jeremy, Jerome, Jerry, Jesse, Jessica, Jill, Jim, Jimmy, Jo, Joachim, Joan
Joao, João, Joe, Joel, Johan, Johann, Johannes, John, Johnny, Jon, Jonathan, Jorge, Jose, José
Josef, Joseph, Josh, Joshua, Joyce, Juan, Judith, Judy, Julia, Julian, Julie, Justin, Karen, Karl
Kate, Katherine, Kathleen, Kathy, Katie, Keith, Kelly, Ken, Kenji, Kenneth, Kenta, Kevin, Khaled
Khalid, Klaus, Kofi, Kurt, Kyle, Larry, Lars, Laura, Lauren, Laurence, Laurent, Lawrence, Lee, Leo
Leon, Leonard, Leslie, Linda, Lisa, Lloyd, Lorenzo, Louis, Louise, Lucas, Lucy, Luis, Luiz, Luke
Lynn, Mahmoud, Manfred, Manmohan, Manuel, Marc, Marcel, Marco, Marcus, Margaret, Maria, María, Marie
Marine, Mario, Marion, Mark, Markus, Marta, Martha, Martin, Marvin, Mary, Masaaki, Matt, Matteo
Matthew, Maurice, Max, Megan, Mehmet, Melissa, Michael, Michel, Michelle, Miguel, Mike, Mikhail
Mitch, Mitt, Mohamed, Mohammad, Mohammed, Monica, Muammar, Muhammad, Mustafa, Nancy, Naoto, Narendra
Natalie, Nathan, Neil, Nelson, Newt, Nicholas, Nick, Nicola, Nicolas, Nicole, Nigel, Nikita, Nikolai
Noah, Norman, Nouri, Olaf, Oleg, Olga, Oliver, Olivier, Omar, Oscar, Osama, Otto, Pablo, Pamela, Pat
Patricia, Patrick, Paul, Paula, Paulo, Pavel, Pedro, Peggy, Per, Pervez, Pete, Peter, Petr, Phil
Philip, Philippe, Phillip, Pierre, Priya, Rachel, Rafael, Rahul, Rajesh, Ralph, Ramon, Ramzan
Randall, Randy, Raul, Raúl, Ravi, Ray, Raymond, Rebecca, Recep, Renee, Ricardo, Richard, Rick
Robert, Roberto, Robin, Rod, Rodrigo, Roger, Roland, Romano, Ron, Ronald, Rory, Ross, Roy, Rudy
Rupert, Russell, Ruth, Ryan, Saddam, Sally, Sam, Samantha, Samir, Samuel, Sandra, Sanjay, Sarah
Scott, Sean, Sebastian, Serena, Serge, Sergei, Sergey, Sergio, Shane, Shannon, Sharon, Shigeru
Shinzo, Silvio, Simon, Sonia, Sophie, Stan, Stanley, Stefan, Stephanie, Stephen, Steve, Steven
Stuart, Sue, Susan, Suzanne, Sylvia, Takeshi, Tara, Taro, Tayyip, Ted, Terry, Theodore, Theresa
Thierry, Thomas, Tim, Timothy, Todd, Tom, Tommy, Tony, Tracy, Trevor, Tyler, Umar, Ursula, Valerie
Vicente, Victor, Viktor, Vincent, Vladimir, Volodymyr, Walter, Warren, Wayne, Wendy, Wesley, William
Wolfgang, Xavier, Yasser, Yasuo, Yevgeny, Yoshihiko, Yukio, Yulia, Yuri, Yusuf, Yves, Zachary, Zoe
Ban, Chen, Deng, Hu, Jiang, Kim, Li, Liu, Mao, Nguyen, Park, Wang, Wen, Wu, Xi, Xu, Yang, Zhang
Zhao, Zhou, Zhu, Moon
""")

# Those of them that are family names and come first: Xi Jinping is Xi.
LEADING_FAMILY_NAMES = parse_names("""
Ban, Chen, Deng, Hu, Jiang, Kim, Li, Liu, Mao, Nguyen, Park, Wang, Wen, Wu, Xi, Xu, Yang, Zhang
Zhao, Zhou, Zhu, Moon
""")
