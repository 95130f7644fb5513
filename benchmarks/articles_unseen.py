"""Made articles of other products, written by somebody else after weights and floor had been fixed.

Payroll, a warehouse, a web shop, a laboratory and a building's doors. Nobody had seen how well these are found
when they were written, and nothing of the ranking was changed afterwards: who does so writes new ones first. Of
the cases that none spares most are near misses: they speak of the same things, and nothing answers them.
"""

from typing import Final

ARTICLES: Final = """
Payslip shows the wrong tax class | wage tax, deduction, elstam | The tax class is fetched from the revenue office on the fifth of each month. Start the retrieval by hand under Employees, Tax, then run the payroll again. | wrong tax class on salary statement | Too much tax taken off / One of our drivers married in January and his wage statement still has the old tax class. Where do we correct that?
Overtime is not paid out | flexitime, surplus hours, time account | Overtime stays on the time account unless the wage type Payout is assigned. Assign it before the month is closed. | pay out surplus hours | Extra hours missing in salary / Two nurses worked twenty extra hours in May, and nothing of it was paid.
Reopen a closed payroll month | correction run, locked period, undo | A closed month is reopened by the payroll lead under Periods, Reopen. Transfers that went to the bank are not called back. | how to undo month-end closing in payroll | Closed March too early / I pressed Close for March although two corrections were missing. Can the period be opened again?
SEPA file is rejected by the bank | pain.001, transfer, iban | Banks refuse the file where the creditor's name holds signs beyond the SEPA character set, or the execution date is a holiday. Check both and export anew. | bank does not accept our payment file | Payment file refused / Our house bank says that the salary transfer file has a schema error, pain.001 version 9.
Employee is missing in the time sheet | roster, entry date, personnel | An employee appears from the entry date on and only in the cost centre that is filtered. Clear the filter. | new hire not visible in timesheets | Cannot book hours for a new colleague / Mrs Öztürk started on Monday and is not on the list of the time sheet.
Sick leave without a certificate | absence, illness, doctor's note | Absences up to three days need no certificate. Choose Illness without note; longer ones turn red until the note is uploaded. | record illness of two days | Short illness / How do I enter that somebody was ill for two days and brought no doctor's note?
Vacation balance is negative | leave, carry-over, entitlement | Remaining leave of last year expires on 31 March. Extend the carry-over under Entitlements for those who could not take it. | holiday entitlement below zero | Minus five days of leave / Since April several people have fewer vacation days than none.
Change the bank account of an employee | iban, master data, salary account | Employees enter a new IBAN in the self service; payroll confirms it. Changes after the 20th count for the next month. | employee has a new iban | New salary account / A colleague changed to another bank, where do we enter the number?
Terminal does not read badges at the gate | rfid, clock-in, time recording | Hold the badge flat for a second. Where the lamp stays dark, the terminal lost its power over Ethernet: restart its switch port. | time clock ignores badge | Nobody can clock in / The terminal at gate 2 is dark and takes none of our badges since the early shift.
Night shift is split at midnight | shift rule, day change, bonus | Turn on Shift belongs to the day of its begin under Shift rules. Bonuses are still counted to the minute. | shift across midnight counted as two days | Two days instead of one / The shift from 22:00 to 06:00 is shown on two days in the roster.
Handheld scanner loses the wireless network | roaming, wlan, reconnect | Set roaming to aggressive and limit the handheld to the 5 GHz band. Access points need the same name in every hall. | barcode handheld drops wifi between halls | Scanners offline in hall 3 / When pickers walk from hall 2 to hall 3 their devices lose the connection for a minute.
Barcode cannot be read | symbology, code 128, damaged label | Turn on the symbology under Scanner, Codes. Codes narrower than 0.25 mm need the high density model. | scanner does not recognise datamatrix | Scanner beeps and reads nothing / The small data matrix codes of a supplier are not recognised by our devices.
Pick list is printed twice | duplicate, spooler, release | A wave that is released again prints again. Turn on Print once per wave. | picking list comes out two times | Double paper / Since the weekend each picking list leaves the printer two times.
Stock differs from the shelf | inventory, count, adjustment | Start a count of the bin under Inventory, Spot count. The difference is booked with a reason when two people confirmed it. | quantity in system not what is on the shelf | Wrong quantity in bin / The system says forty boxes in bin 12-07-3, on the shelf there are thirty-one.
Pallet label with the wrong SSCC | gs1, shipping unit, number range | The number range of the SSCC belongs to the site. Enter your GS1 prefix under Sites, Number ranges. | sscc prefix incorrect on pallets | Customer refuses our pallets / The supermarket chain says the SSCC on our labels does not begin with our company prefix.
Goods receipt without an order | blind receipt, delivery, supplier | Choose Receipt without order; purchasing gets a task to assign it. The goods are blocked until then. | book a delivery that has no purchase order | Delivery without order number / A lorry brought six crates and there is no order in the system. How do we book them in?
Expiry dates are not asked for | best before, batch, fefo | Turn on Batch and date for the article group. Items in stock keep an empty date until the next count. | best-before date field missing at receipt | No best before date / Receiving yoghurt the handheld no longer asks for the date.
Forklift terminal shows a tiny keyboard | display, scaling, touch | Set the scaling to 150 per cent under Device, Display, and restart the client. | letters too small on vehicle terminal | Keys too small / Our drivers cannot hit the letters on the screen of the truck terminal with gloves.
Parcel carrier refuses the shipment | postcode, weight, routing code | The carrier checks postcode and weight. Look at the answer under Shipping, Log; islands need another product. | shipping label request declined by carrier | No label for Helgoland / For a parcel to an island no shipping label comes back.
Return is not credited | refund, rma, credit note | A refund is made once the return is received at the dock. Where the label was not ours, receive it by order number. | refund for a return does not happen | Shopper waits for the money / Goods came back ten days ago and the shopper has got nothing.
Checkout ends with payment declined | 3-d secure, card, authorisation | The bank declines cards where the second factor was not answered in five minutes. Offer another way to pay. | card payments declined in shop | Customers cannot pay / In our shop most of the card payments stop at the bank's confirmation page.
Discount code is not accepted | voucher, coupon, promotion | A code works only in its period, for its groups of articles, and once per customer. Look at Promotions, Uses. | coupon invalid in the basket | Newsletter code refused / The voucher SPRING10 that we sent to everybody is refused in the basket.
Prices without tax in the basket | vat, gross, net | The storefront shows net prices to companies. Change it per customer group under Taxes, Display. | shop shows net prices to consumers | Net instead of gross / Consumers see prices before VAT since we changed the theme.
Product pictures are blurred | image, thumbnail, resolution | Pictures smaller than 1200 pixels are stretched. Upload larger ones and let the thumbnails be made anew. | images of products not sharp | Ugly photos / The photos of our new chairs look fuzzy on big screens.
Search in the shop finds nothing | index, synonyms, catalogue | Build the catalogue index anew under Catalogue, Index, and add synonyms for what people type. | storefront search has no results | Nothing found / Buyers type sneakers and get an empty page although we have hundreds of trainers.
Sitemap is not updated | google, crawl, robots | The sitemap is written each night unless the cron job is off. Start it by hand under SEO. | new pages not in sitemap.xml | Search engines miss our pages / Google does not know the articles that we added last month.
Domain with a new TLS certificate | https, let's encrypt, renew | Certificates renew by themselves when the CAA record allows our issuer. Otherwise upload one under Domains. | https certificate of shop expired | Browser warns of our shop / Visitors read that the connection is not private, the certificate ran out yesterday.
Cookie banner comes again and again | consent, tracking, storage | The banner returns where the consent cookie is set for another domain. Enter the main domain under Consent. | consent dialog appears on each page | Annoying banner / On every page visitors have to agree to cookies anew.
Order confirmation is sent without the invoice | pdf, attachment, template | Turn on Attach document in the template of the confirmation. The PDF is made after payment. | invoice pdf missing in order mail | Mail without pdf / Buyers complain that the confirmation has no invoice with it.
Analyser results are not transferred | astm, instrument, interface | Look at the line of the instrument under Interfaces. Where it is red, restart the driver; results since then are sent again. | results from the instrument do not arrive in the lab system | Haematology values missing / The values of the blood counter have not reached the system since 7 o'clock.
Sample has no position in the rack | tube, archive, storage | Scan the rack first, then the tubes from the left. A tube without position is listed under Archive, Loose. | tube not found in archive | Where is the tube? / We cannot find a serum tube of last week in the fridge archive.
Reference range by age | normal values, paediatric, limits | Ranges with ages stand under Tests, Limits; the smallest range that fits wins. | normal values for children | Flags on children wrong / Alkaline phosphatase of infants is flagged high though it is normal at that age.
Control is out of range | westgard, qc, calibration | Two controls beyond two deviations block the test. Calibrate, measure both levels again, and release the block. | quality control failed test blocked | Potassium blocked / After the morning controls the system blocks potassium, how do we go on?
Report is not signed | validation, medical release, doctor | A report waits for medical release. The doctor on duty finds it under Validation; urgent ones stand at the top. | findings waiting for release by physician | Ward has no findings / Findings of the intensive ward are ready and were not sent, they have no signature.
Correct the sex of a patient | demographics, hl7, admission | Demographic data comes from the hospital system by HL7. Correct it there; it reaches us with the next A08. | patient data wrong gender | Wrong patient data / A patient is recorded as male and is female, and the limits are wrong for her.
Add-on test to an existing sample | reflex, later order, volume | Scan the tube, choose Add test. The system says whether volume and age of the sample suffice. | order another test for a tube we already have | Later request / The surgeon wants troponin out of the tube that we got at noon.
Door stays locked in spite of a valid card | access, zone, antipassback | With antipassback a person who left without a card cannot enter. Reset the person under Zones, Presence. | access card valid but door does not open | Card does nothing / My card opens every door except that of the server room since I went out through the garage.
Visitor pass for a day | guest, reception, temporary | Reception prints a pass under Visitors, New. It ends at midnight and opens the doors of the host. | print a pass for a guest | Guests tomorrow / Six auditors come tomorrow, how do they get through the doors?
Door left open alarm | held open, contact, buzzer | The alarm sounds when a door is open for longer than its hold time. Make it longer under Doors, Times, or repair the closer. | alarm because door held open | Buzzer at the loading bay / The door at the ramp screams each time when goods are brought in.
Fire drill list of who is inside | evacuation, muster, presence | The list of people inside is at Evacuation, and is mailed to the wardens every minute once the alarm is raised. | list of persons in the building for evacuation | Fire drill / Who gives us a list of all who are in the house when the sirens go?
Lift calls the wrong floor | elevator, destination, card | The floor of a card is that of its main zone. Change it under Persons, Lift. | elevator goes to another floor with my card | We moved to floor five / Our department moved and the lift still takes us to the third floor when we hold our cards.
Camera picture freezes | video, stream, bandwidth | A frozen picture means that the recorder lost the stream. Lower the bit rate or use the second stream. | cctv image stands still | Video stands still / The picture of the yard camera stops after some seconds and jumps.
Lost access card | theft, block, replacement | Block the card under Persons at once; the reception gives out another. Presence and zones are kept. | employee lost door card block it | Card stolen / My handbag was stolen with the card for the building in it.
Lock runs on battery and blinks red | offline cylinder, low, replace | A red blink says that the battery lasts for a hundred more openings. Change it with the service card. | battery of door lock low | Red lamp on the lock / The lock of room 114 blinks red three times before it opens.
"""  # noqa: E501 - a table

NOTHING: Final = (
    "Payslip paper is used up\nWhere can we order the envelopes with a window for payslips?",
    "Tax adviser changes\nFrom July another firm of tax advisers works for us, whom do we tell?",
    "Overtime of your consultants\nThe invoice lists eight hours of overtime of your man that we did not order.",
    "Payroll course in autumn\nAre there places left in the seminar on payroll in October?",
    "Vacation of our account manager\nWho stands in for Mrs Lang while she is on vacation?",
    "Badge of the trade fair\nWe ordered four badges for your customer day and got three.",
    "Bank details of your company\nPlease send us a letter with your IBAN, our purchasing asks for it.",
    "Scanner casing broken\nA handheld fell from a rack, the casing is cracked. What does the repair cost?",
    "Barcode fonts for a brochure\nOur graphic designer asks for a barcode font for Macintosh.",
    "Pallets to be collected\nTwelve of your pallets have been standing in our yard since the delivery.",
    "Label rolls\nPlease deliver forty rolls of labels 100 by 150.",
    "Return of rented devices\nThe season is over, when do you collect the ten rented forklift terminals?",
    "Discount for a third warehouse\nWhat discount do we get if we take a licence for a third site?",
    "Invoice without our order number\nYour invoice of May lacks our order number, please send it anew.",
    "Pictures of your product for a lecture\nMay I show pictures of your storefront in a talk at the university?",
    "Translate the basket into Catalan\nAre there plans for the storefront in Catalan?",
    "Search for a developer\nWe search for a freelance developer with knowledge of your templates.",
    "Certificate for our quality manual\nThe inspectors want the CE declaration of the laboratory interface.",
    "Sample contract for data processing\nPlease send a sample of the agreement on processing data on our behalf.",
    "Instrument sold\nWe sold the old analyser, please take its maintenance off the contract.",
    "Results of the customer survey\nYou asked us in spring what we think of you. Where are the results?",
    "Children in the laboratory\nOn girls' day a school class visits the laboratory, do you have leaflets?",
    "Door of the cupboard\nThe rack came with a bent door, please send another.",
    "Lift for a server\nDoes the rack of 400 kg go into a lift of 630 kg, and who carries it?",
    "Camera for a video call\nWhich camera do you advise for the meeting room?",
    "Visitors of your head office\nWe would like to visit your head office with six people in June.",
    "Fire in the data centre\nThe newspaper wrote of a fire in Strasbourg. Is our data kept there?",
    "Lost parcel with the spare keyboard\nThe parcel with a spare keyboard that you sent on Monday has not come.",
    "Battery recycling\nDo you take back used batteries of the locks?",
    "Red text in the release notes\nWhat does the red text on page 4 of the release notes mean?",
    "Merry Christmas\nWe wish the whole team a merry Christmas and a good new year.",
    "Wrong person in copy\nPlease take Mr Adeyemi off the mails, he has left our company.",
    "Month of the next release\nIn which month is the next big release, and will it cost anything?",
    "Consumers' association\nA journalist asks how many shops in the country run on your platform.",
    "Address of the new building\nWe moved. Please change the address on the contract and on invoices.",
    "Network socket wanted\nCan your technician lay a network socket in hall 3 while he is there?",
    "Position of our ticket\nYou wrote we are in your queue. How long will that take?",
    "Doctor's surgery closed\nOur surgery is closed from Monday on for two weeks, please do not call.",
    "Night of the maintenance\nIn which night was the maintenance that you announced, 12th or 13th?",
    "Two copies of the handbook\nPlease send two printed copies of the handbook for the shift leaders.",
)
"""Cases that no article spares, most of them near misses."""
