/**
 * Words of danger: whether somebody who types them may be afraid, be hurt, or think of ending their life.
 *
 * One word is seldom enough to tell: "he hits me" and "he hits the right note" share two.  So most of these
 * ask who does what to whom.  Where both are likely help is shown, since that costs no more than a line.
 */

/**
 * Return a pattern for any of some words; an underscore in them is a space.
 * @param {string} words
 */
const any = (words) => `(?:${words.trim().split(/\s+/).join("|").replaceAll("_", " ")})`;

/**
 * Return a pattern for any of some patterns.
 * @param {string[]} patterns
 */
const either = (...patterns) => `(?:${patterns.join("|")})`;

const WHO = any(`he she they who someone somebody (?:my|our|her|his|their|an?|the)_(?:ex_)?[a-z]+
  husband wife boyfriend girlfriend partner ex dad father mum mom mother parents? brother sister son boss man`);
const MEANWHILE = "(?: [a-z']+){0,3}?";
const US = any(`me us (?:my|our)_(?:kids?|child(?:ren)?|sons?|daughters?|bab(?:y|ies)|mum|mom|mother|sister|brother|dog|cat)`);
const ANYONE = either(US, "her", "him", "them", "you");
const SOMEBODY = "(?<!\\bit (?:[a-z]+ )?)";
const BLOW = any(`hit(?:s|ting)? beat(?:s|en|ing)? slap(?:s|ped|ping)? punch(?:es|ed|ing)? kick(?:s|ed|ing)? spat spits?
  strangl(?:es?|ed|ing) chok(?:es?|ed|ing) stab(?:s|bed)? threaten(?:s|ed|ing)? attack(?:s|ed|ing)? kill(?:s|ed|ing)?`);
const HOLD = any(`hurts? hurting scares scared frightens frightened follows followed following tracks tracked tracking
  watches spies_on spying_on monitors controls controlled controlling forces forced forcing pressures traps trapped
  locks locked corners isolates shoves shoved pushes pushed grabs grabbed grabbing drags dragged pins pinned bites burns
  burned humiliates insults belittles blackmails swears`);
const LATELY = any("hurt scare frighten follow track watch monitor control force push shove grab bite");
const ENDURED = any(`hit beaten slapped punched kicked threatened followed watched tracked controlled forced strangled choked
  attacked spied_on monitored locked_(?:in|up|out)`);
const LOOKS = any(`checks checked reads goes_through went_through look(?:s|ed)_(?:at|through|in) searches tracks monitors watches
  takes took breaks broke smashed hides hid steals stole wants demands bugged hacked has controls`);
const LOOK = any(`check(?:ing)? read(?:ing)? go(?:ing)?_through look(?:ing)?_(?:at|through) track(?:ing)? monitor(?:ing)?
  spy(?:ing)?_on tak(?:e|ing) hid(?:e|ing) control(?:ling)? keep(?:ing)?`);
const OWN = any(`phone mobile messages? texts? text_messages e_?mails? mail location laptop computer calls diary whatsapp chats
  dms passwords? passport keys browser history bag post`);
const MINE = `(?:all )?(?:of )?my ${OWN}`;
const MONEY = `(?:all )?(?:of )?(?:my|our|the) ${any("money wages? salary pay bank cards? account benefits savings")}`;
const TIES = any("marriage relationship house home him her husband wife partner");
const OF_CLOSENESS = any(`of_being_(?:judged|alone|vulnerable|close|honest|rejected|boring|abandoned|left|wrong|seen) of_fail of_failing of_failure
  of_rejection of_judge?ments? of_conflict of_commitment of_intimacy of_closeness of_love of_change of_getting of_hurting
  of_losing of_saying of_missing of_opening of_heights of_flying of_spiders of_dogs of_death`);

const SIGNS = [
  // What is seldom said of anything else.
  any("abus assault bruis bulli bully coerc gasligh harass molest stalk strangl suicid threaten traffick unsafe violen danger"),
  any("hotline helpline domestic_(?:abuse|violence) shout yell scream self_harm controlled_by control_over_me"),
  `${any("rap(?:es?|ed|ing) weapons? gun knife police refuge overdose spy_on spies_on spying_on walking_on_eggshells")}\\b`,
  // Fear.
  `${any("afraid scared frightened terrified petrified scary")}\\b(?! ${OF_CLOSENESS}\\b)`,
  `${any("in_fear fears?_(?:for|him|her|them) fear_of_(?:him|her|them|my)")}\\b`,
  `${any("not isn'?t aren'?t don'?t_feel never")} (?:feel )?safe\\b`,
  `safe ${any("house place_to_(?:go|stay|sleep) (?:at|with|in|from)_(?:home|him|her|them|my|our)")}\\b`,
  `trapped (?:in|with|by) (?:(?:my|an?|this|the) )?${TIES}\\b`,
  // Somebody is hurt, held or watched.
  `${SOMEBODY}${BLOW} (?:at |out at )?${ANYONE}\\b`,
  `${SOMEBODY}${HOLD} (?:at |on )?${US}\\b`,
  `${WHO}${MEANWHILE} ${LATELY} ${US}\\b(?! ${any("apart closer together")}\\b)`,
  `${WHO}${MEANWHILE} ${any("hits? hitting beats? slaps? punches kicks hurts rages")}(?:$| ${any("when if because again and or out")}\\b)`,
  `${any("gets? got getting am is are was were be been being")} ${ENDURED}\\b`,
  `${any("throws? throwing threw breaks? broke smash(?:es|ed)? punch(?:es|ed)? hits? kick(?:s|ed)?")}`
    + ` ${any("(?:my_)?things (?:my_)?stuff plates objects furniture (?:the_|a_)?(?:walls?|doors?)")}\\b`,
  "(?:fist|hands?|grabbed|holds) .*(?:throat|neck)\\b",
  // Somebody decides over another.
  `${any("controls monitors watches tracks checks")} ${any("everything what who where when how every")}\\b`,
  `controlling(?:$| ${any("husband wife partner boyfriend girlfriend parents? mother father man relationship behaviour behavior")}\\b)`,
  `${LOOKS} ${MINE}\\b`,
  `${either(LOOKS, "keeps", "kept", "counts")} ${MONEY}\\b`,
  `${WHO}${MEANWHILE} ${LOOK} ${either(MINE, MONEY)}\\b`,
  `${any("won'?t will_not does(?:_not|n'?t) don't didn't never")} lets? me`
    + ` ${any("go leave see work out have meet call use sleep eat drive study")}\\b`,
  `${any("not isn't aren't")} allowed to ${any("go leave see work have wear drive speak call")}\\b`,
  `${any("ask(?:ing)?_permission makes?_me_(?:ask|beg|have_sex|do_things) run(?:ning)?_away_from_(?:home|him|her)")}\\b`,
  `${any("how_to do_i can_i")} ${any("leave escape get_away_from hide_from")} ${any("him her my them an?")}\\b`,
  // Thoughts of dying, or of hurting oneself or others.
  `${any("want wants wanted wanna wish ready")} (?:to |i could )?die\\b`,
  `${any("wish_i_(?:was|were)_dead end_(?:it_all|my_life) better_off_(?:dead|without_me) no_reason_to_live")}\\b`,
  `${any("don'?t not no_longer")} want to ${any("live be_here wake_up")}\\b`,
  `${any("kill hurt harm cut")}(?:t?ing)? ${any("myself himself herself themselves")}\\b`,
  `i (?:[a-z]+ ){0,2}?${any("hit hitting hurt slapped pushed shoved punched")} ${any("my him her them someone")}\\b`,
].map((sign) => new RegExp(`\\b${sign}`, "u"));

/** Words that say nothing else where they stand alone: whoever is afraid may type no more than one. */
const ALONE = new RegExp("^" + any(`fear safe safety help hits? hitting hurts? hurting beats? beaten beating slap punch kick chok(?:e|ed|ing)
  kill(?:ed|ing)? die dying dead threats? forced trapped tracked tracking followed control(?:led)? watched escape`) + "$", "u");

/**
 * Tell whether words are those of somebody in danger.
 * @param {string} words
 */
export function isAlarming(words) {
  const plain = words.toLowerCase().replace(/[’`´]/g, "'").replace(/[^\p{L}\p{N}']+/gu, " ").trim();
  return ALONE.test(plain) || SIGNS.some((sign) => sign.test(plain));
}
