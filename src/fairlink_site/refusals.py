"""A no with its reason: normal life, not an error. Actions raise it as a code; here it gets its words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairlink_site.wording import pick

WORDS: dict[str, str | Promise] = {
    "organisation_missing": _("Somebody with this role takes part for an organisation: choose it."),
    "organisation_superfluous": _("This role is for the whole edition: leave the organisation empty."),
    "other_edition": _("The organisation belongs to another edition."),
    "member_already": _("This person has the role already."),
    "invitation_used": _("This invitation has been used. Sign in to see what you belong to."),
    "invitation_expired": _("This invitation has expired. Ask the organiser for a new one."),
    "other_address": _(
        "This invitation is for another e-mail address. Sign in with the address it was sent to."
    ),
    "reserved_id": _(
        "An edition cannot have this id: the address is taken. Choose another, such as expo-2027."
    ),
    "signs_for_nobody": _("Only somebody who takes part for an organisation can sign for it."),
    "not_a_backup": _("This file is no backup of Fairlink, or it cannot be opened."),
    "damaged_backup": _("The backup is damaged: what it holds is not what was written. Nothing was changed."),
    "other_schema": _("The backup was made by another version of Fairlink. Restore it with that version."),
    "not_empty": _("The database is not empty. Say --replace to throw away what it holds."),
    "nothing_matched": _("Nothing has been matched yet, so there is nothing to repeat."),
    "known_name": _("An organisation of this name has just been registered."),
    "certificate_twice": _("The certificate “{name}” is here already: change it in its place."),
    "edition_closed": _("The edition is closed: nothing is matched, placed or brought in any more."),
    "registration_closed": _("Registration is closed. Ask the organiser to invite you."),
    "known_number": _(
        "An organisation with this LEI or registration number is here already. Ask to be invited to it."
    ),
    "too_many_listings": _("At most {most} offers, and as many needs. Remove one, or put two into one."),
    "nothing_to_submit": _("Everything has been sent in already."),
    "not_submitted": _("This has not been sent in yet."),
    "nothing_chosen": _("Nothing was chosen, so nothing has changed. Tick first what is meant."),
    "nothing_mended": _("Nothing was written anew or left out, so nothing has changed."),
    "reason_missing": _("Say why: the organisation has to know what to mend."),
    "scores_missing": _("Give points for all four criteria to accept it."),
    "score_too_low": _(
        "With a 0 or fewer than {least} of 20 points it cannot be accepted. Ask for changes and say which."
    ),
    "merge_with_itself": _("Choose two different organisations."),
    "merge_across_editions": _("They belong to different editions."),
    "merge_has_meetings": _(
        "The one that would go has meetings in the timetable. Keep that one, or merge before the timetable is made."
    ),
    "import_done": _("This file has been brought in already."),
    "import_has_problems": _(
        "Something is still wrong with the file. Mend it or leave the rows out; nothing was changed."
    ),
    "import_empty": _("No row would come in."),
    "meaning_twice": _("Two columns cannot both mean “{column}”. Choose one of them."),
    "same_name": _(
        "“{value}” stands in row {first} already. Leave one of them out, or tell their names apart."
    ),
    "several_of_name": _(
        "“{value}” is here {number} times, in different countries. Say in the row which country is meant."
    ),
    "sheet_empty": _("The file has no rows."),
    "sheet_pdf": _("This is a PDF. Save the list as XLSX or CSV and upload that."),
    "sheet_picture": _(
        "This is a picture. Write the list into a spreadsheet, save it as XLSX or CSV and upload that."
    ),
    "sheet_document": _(
        "This is a text document or a presentation. Copy its table into a spreadsheet, save it as XLSX or CSV and "
        "upload that."
    ),
    "sheet_archive": _(
        "This is a packed archive, such as ZIP. Unpack it and upload the list in it, as XLSX or CSV."
    ),
    "sheet_web_page": _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program, save it as XLSX or CSV and "
        "upload that."
    ),
    "sheet_other_table": _(
        "This is a spreadsheet in another format, such as ODS, Numbers or XLSB. Save it as XLSX or CSV and upload that."
    ),
    "sheet_old_excel": _("This is a file of an old Excel (XLS). Save it as XLSX or CSV and upload that."),
    "sheet_locked": _(
        "This file is locked by a password. Save it as XLSX or CSV without one and upload that."
    ),
    "sheet_damaged": _(
        "This file is damaged and cannot be read to its end. Save the list anew as XLSX or CSV and upload that."
    ),
    "sheet_not_a_table": _(
        "This is no table that can be read. Save the list as XLSX or CSV and upload that."
    ),
    "sheet_not_csv": _(
        "Line {line} breaks the form of a CSV file, perhaps by a quotation mark that nobody closes."
    ),
    "sheet_unreadable_character": _(
        "Line {line} holds a character that no text has. Save the file anew as UTF-8."
    ),
    "sheet_file_too_large": _("The file is larger than {megabytes} MB. Split it."),
    "sheet_too_many_rows": _("The file has more than {most} rows. Split it."),
    "sheet_too_many_columns": _("The file has more than {most} columns. Remove those that are not needed."),
    "sheet_too_many_cells": _("The file has more than {most} cells. Split it."),
    "sheet_too_many_sheets": _("The file has more than {most} sheets. Save the one that is needed."),
    "sheet_cell_too_long": _("A cell has more than {most} characters. Shorten it."),
    "sheet_zip_bomb": _("The file unpacks to more than can be read. Save it as .csv."),
    "not_failed": _("Only a letter that failed can be sent again."),
    "no_letters": _(
        "This letter cannot be sent again: the person wants no letters, or what it held is gone. Invite anew."
    ),
    "no_account": _("Nobody has an account with this e-mail address. Let them sign up first."),
    "id_taken": _("There is an edition with this short name already. Choose another, such as expo-2027."),
    "unknown_phase": _("There is no such phase."),
    "no_timetable": _("There is no timetable yet. Make one, then publish it."),
    "timetable_locked": _("The organiser has locked the timetable. Ask at the desk."),
    "meet_already": _("You have a meeting with them already. You can give it another time."),
    "meeting_over": _("This meeting has begun, or is not held any more."),
    "time_over": _("This time has passed, or is no time for meetings. Choose another."),
    "time_taken": _("This time is not free any more, and no other is free for both of you."),
    "time_taken_next": _("This time is not free any more. Free next: {when}."),
    "no_such_delegate": _("You have {most} delegates. Choose one of them."),
    "delegate_busy": _("This delegate is elsewhere at that time. Choose another."),
    "reason_too_long": _("A reason has at most {most} characters. Shorten it."),
    "proposal_changed": _(
        "The timetable has changed meanwhile. This is what would be done now: look once more."
    ),
    "slots_in_use": _("Meetings of the timetable are held at these times, so they stay as they are."),
    "too_many_slots": _("So many times are more than a timetable takes. Take longer ones, or fewer days."),
    "interpreter_in_use": _("Meetings of the timetable count on this interpreter, who therefore stays."),
    "place_in_use": _("Meetings of the timetable are held at this place, so it stays."),
    "chain_not_empty": _("This chain has links or activities. Remove or change those first."),
    "own_purchases": _(
        "The edition has a table of its own already. Change its rows, or go back to ours first."
    ),
    "too_many_purchases": _("At most {most} rows. Leave out narrow codes where a wider one says the same."),
    "node_in_use": _("Organisations stand on this link, so it stays. Move them to another link first."),
    "wish_for_itself": _("An organisation does not meet itself."),
    "unknown_wish": _("There is no such answer."),
    "wishes_closed": _("Wishes can be sent and answered from matching until the expo closes."),
    "not_to_be_met": _("They cannot be met at the moment."),
    "wish_agreed": _("You have agreed to meet already."),
    "wished_already": _("You have asked them already."),
    "wish_declined": _("They have declined. They can still ask you."),
    "wish_too_soon": _("You have asked them within the last day. Try again tomorrow."),
    "too_many_wishes": _(
        "At most {most} of your wishes can wait for an answer at one time. Wait for answers, or withdraw one."
    ),
    "wish_over": _("This wish does not wait for an answer any more."),
    "message_too_long": _("A message has at most {most} characters. Shorten it."),
    "not_offered": _(
        "Ask them first whether they would meet you: what both wish for can be given a time. On the spot, take the "
        "next time that is free for both."
    ),
    "delegate_taken": _("This is the seat of {person}. Choose another, or free it first."),
    "unknown_outcome": _("There is no such answer."),
    "meeting_cancelled": _("This meeting is cancelled."),
    "meeting_to_come": _("This can be said from the day of the meeting on."),
    "notes_too_long": _("Notes have at most {most} characters. Shorten them."),
    "sign_up_closed": _(
        "Validated organisations can sign up from registration until the expo closes, and sign off until then."
    ),
    "activity_over": _("This activity is over."),
    "activity_full": _("All places are taken. When somebody signs off, a place is free again."),
    "delegate_meets": _(
        "This delegate meets {partner} at {clock} then. Choose another delegate, or cancel that meeting first."
    ),
    "delegate_attends": _(
        "This delegate attends “{activity}” then. Choose another delegate, or sign off there first."
    ),
    "too_many_signed_up": _("{number} have signed up already: no fewer places than that."),
    "last_organiser": _("An edition needs an organiser. Appoint somebody else first."),
}


class Refused(Exception):
    """An action was refused; `code` says why, `data` what a sentence needs."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    @property
    def words(self) -> str | Promise:
        if not self.data:
            return WORDS[self.code]
        told = {name: pick(one)[0] if isinstance(one, Mapping) else one for name, one in self.data.items()}
        return str(WORDS[self.code]).format_map(told)
