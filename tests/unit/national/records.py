"""Records of procedures that do not exist, in the shape of an export of the national database."""

import json

HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
TEXTS = "Tên văn bản pháp lýMã văn bản"
NOTHING = "Không có thông tin"


def record(**changed):
    """A record whose every table has one plain row, but for what is changed."""
    return {
        "ma_thu_tuc": "9.000101", "ten_thu_tuc": "Cấp phép đặt phao đo sóng", "so_quyet_dinh": "77/QĐ-BNNMT",
        "cap_thuc_hien": "Cấp bộ", "loai_thu_tuc": "Loại khác", "linh_vuc": "Biển và hải đảo",
        "doi_tuong_thuc_hien": "Doanh nghiệp, Hợp tác xã", "co_quan_co_tham_quyen": "Cục Phao",
        "dia_chi_tiep_nhan": "", "co_quan_duoc_uy_quyen": "", "co_quan_phoi_hop": "", "thu_tuc_lien_quan": NOTHING,
        "trinh_tu_thuc_hien": "Bước 1: nộp.", "co_quan_thuc_hien": "Phòng Phao",
        "cach_thuc_thuc_hien": f"{HEAD}Trực tiếp15 Ngày làm việcMiễn phí(theo quy định)",
        "thanh_phan_ho_so": f"--{PAPERS}Đơn đề nghị theo Mẫu 02 Phụ lục IMau02.docx1 bản chính",
        "can_cu_phap_ly": f"{TEXTS}Luật Phao19/2031/QH18Nghị định 5/2032/NĐ-CP5/2032/NĐ-CP",
        "yeu_cau_dieu_kien": NOTHING, "ket_qua_xu_ly": "Giấy phép đặt phaoMã: KQ.G10.000999Từ khóaKhông có thông tin",
        **changed,
    }


def export(path, *records):
    """The records as an export at ``path``."""
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records), encoding="utf-8")
    return path
