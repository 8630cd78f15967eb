"""What the officers of scenario 13 enter: only what the pages do not know already."""

NUMBER = "411321180001010005"
REQUEST = {
    "measure": "拘传",
    "subject_role": "被执行人",
    "name": "乙某",
    "doc_type": "居民身份证",
    "doc_no": NUMBER,
    "sex": "女",
    "birth_date": "1800-01-01",
    "deputy_status": "不是",
    "risk_flags": ["无"],
    "search_efforts": "已到住所、单位走访两次，拨打电话三次，均未能联系到本人，邻居称其外出未归。",
    "household_in_area": "true",
    "prior_summons-0-at": "2026-02-10T09:00",
    "prior_summons-0-method": "传票",
    "prior_summons-0-result": "无正当理由未到",
    "has_instrument": "false",
    "case_no": "（2026）豫1321执12号",
    "filed_on": "2026-01-12",
    "case_name": "甲某与乙某民间借贷纠纷执行案",
    "case_stage": "执行",
    "enforcement_status": "执行中",
    "claim_kind": "金钱给付",
    "claim_amount": "120000",
    "applicants-0-name": "甲某",
    "contact_2_name": "丁某",
    "contact_2_phone": "13000000002",
}


FOUND = {
    "place": "城关镇客运站",
    "kind": "已控制",
    "officers-1-name": "己某",
    "identity_check": "证件",
    "instrument_shown": "true",
    "force_used": "false",
    "needs_medical": "false",
}
RESPONSE = {"can_arrive_in_time": "true", "team-1-name": "丁某"}
HANDOVER = {
    "handover_outcome": "已移交",
    "identity_checked": "true",
    "instrument_shown": "true",
    "health_state": "未见异常",
    "belongings_none": "true",
    "person_signature": "本人签名",
    "av_recording_ref": "ZF-2026-001",
}
"""The police's; the court finds all of it filled in."""
INQUIRY = {"inquiry_mode": "本院现场", "rights_informed": "true"}
RECORD = {
    "willing_to_perform": "部分",
    "food_rest_ensured": "true",
    "av_recording_ref": "LX-2026-001",
}
CONTROL_RECORD = {"identity_note": "核对身份证原件与人像一致", "av_recording_ref": "ZF-2026-001"}
